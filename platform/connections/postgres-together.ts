/**
 * Statements that do not need one another's answers, in one go: one write to the socket, one answer. A statement of its own
 * costs the store and the database 40 µs of CPU each before anything is done, which is most of what a look-up by its key
 * takes; six in one go cost both a third of six one after the other.
 *
 * They run one after the other and in their order, each as if it had been sent alone: in a transaction each sees what was
 * committed before it began. Outside of one they are a transaction together. After one that fails none of the others is run.
 */
import {
  type ClientBase,
  type Connection,
  Pool,
  type PoolClient,
  Query,
  type QueryConfig,
  type QueryResult,
  type QueryResultRow,
} from 'pg';

/** Where a statement can be asked: a pool, a connection, or what is sent in one go. */
export interface Asking {
  query<R extends QueryResultRow>(statement: QueryConfig<unknown[]>): Promise<QueryResult<R>>;
}

/** `ask` asks all of its statements before it waits for any: `(asking) => Promise.all([findThis(asking), findThat(asking)])`. */
export async function together<T>(database: Pool | PoolClient, ask: (asking: Asking) => Promise<T>): Promise<T> {
  if (!(database instanceof Pool)) return await askAll(new Batch(database), ask);
  const client = await database.connect();
  const batch = new Batch(client);
  try {
    return await askAll(batch, ask);
  } finally {
    // As pool.query does: whatever is left of a failure ends with its connection.
    client.release(batch.hasFailed);
  }
}

async function askAll<T>(batch: Batch, ask: (asking: Asking) => Promise<T>): Promise<T> {
  const answer = ask(batch);
  batch.send();
  return await answer;
}

/** The half of a query of pg that hears the answers of the server; its types name only the other half. */
interface Hearing {
  handleRowDescription(message: unknown): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Connection): void;
  handleReadyForQuery(connection: Connection): void;
  handleError(error: Error, connection: Connection): void;
}

interface Asked {
  readonly statement: QueryConfig<unknown[]>;
  readonly query: Query & Hearing;
  isOver: boolean;
  /** Known from an answer before. */
  columns: Columns | undefined;
  /** To the query. */
  isTold: boolean;
}

/** As the server describes them; null of a statement that answers with none. */
type Columns = { readonly message: unknown } | null;

/**
 * The columns of prepared statements, by their names: a statement has the same ones as long as it is prepared, or fails. Not
 * asked for again, they are neither looked up by the server nor read by us, for each of the statements of a purchase.
 */
const KNOWN = new WeakMap<Connection, Map<string, Columns>>();

function knownOf(connection: Connection): Map<string, Columns> {
  const known = KNOWN.get(connection) ?? new Map<string, Columns>();
  KNOWN.set(connection, known);
  return known;
}

/** To the client one query, as a cursor is: it hears what the server says until the server is ready for the next one. */
class Batch implements Asking {
  callback: (error: Error | null) => void = () => undefined;
  hasFailed = false;
  readonly #client: ClientBase;
  readonly #asked: Asked[] = [];
  #under: Asked[] = [];
  #isSent = false;
  #known = new Map<string, Columns>();

  constructor(client: ClientBase) {
    this.#client = client;
  }

  query<R extends QueryResultRow>(statement: QueryConfig<unknown[]>): Promise<QueryResult<R>> {
    if (this.#isSent) throw new Error('Asked after its batch was sent: all is asked before anything is waited for.');
    const types = { getTypeParser: this.#client.getTypeParser.bind(this.#client) };
    // Also what has no values: a simple query is answered by itself.
    const config = { ...statement, types, queryMode: 'extended' };
    return new Promise((resolve, reject) => {
      const query = new Query<R>(config, (error, result) => {
        asked.isOver = true;
        if (error) reject(error);
        else resolve(result);
      });
      if (!isHearing(query)) throw new Error('This version of pg has other queries.');
      const asked: Asked = { statement, query, isOver: false, columns: undefined, isTold: false };
      this.#asked.push(asked);
    });
  }

  send(): void {
    this.#isSent = true;
    if (this.#asked.length > 0) this.#client.query(this);
  }

  /** What pg keeps of statements that it has prepared goes by these. */
  get name(): string | undefined {
    return this.#under[0]?.statement.name;
  }

  get text(): string | undefined {
    return this.#under[0]?.statement.text;
  }

  submit(connection: Connection): null {
    this.#known = knownOf(connection);
    const gathered = new Gathered(connection);
    let isKnown = false;
    const quiet: Connection = Object.create(connection, {
      stream: { value: gathered },
      // Each would end with a Sync of its own, which is what makes the server answer and wait.
      sync: { value: () => undefined },
      describe: { value: (what: unknown) => isKnown || Reflect.apply(connection.describe, quiet, [what]) },
    });
    for (const asked of this.#asked) {
      asked.columns = this.#known.get(asked.statement.name ?? '');
      isKnown = asked.columns !== undefined;
      const refusal: unknown = Reflect.apply(asked.query.submit, asked.query, [quiet]);
      if (refusal instanceof Error) asked.query.handleError(refusal, connection);
    }
    Reflect.apply(connection.sync, quiet, []);
    gathered.send();
    // What could not be sent is over.
    this.#under = this.#asked.filter(({ isOver }) => !isOver);
    return null;
  }

  handleRowDescription(message: unknown): void {
    const asked = this.#under[0];
    if (asked === undefined) return;
    this.#learn(asked, { message });
    tellColumns(asked);
  }

  handleDataRow(message: unknown): void {
    const asked = this.#under[0];
    if (asked === undefined) return;
    tellColumns(asked);
    asked.query.handleDataRow(message);
  }

  handleCommandComplete(message: unknown, connection: Connection): void {
    const asked = this.#under.shift();
    if (asked === undefined) return;
    if (asked.columns === undefined) this.#learn(asked, null);
    tellColumns(asked);
    asked.query.handleCommandComplete(message, connection);
    asked.query.handleReadyForQuery(connection);
  }

  #learn(asked: Asked, columns: Columns): void {
    asked.columns = columns;
    const { name } = asked.statement;
    if (name !== undefined) this.#known.set(name, columns);
  }

  handleEmptyQuery(connection: Connection): void {
    this.#under.shift()?.query.handleReadyForQuery(connection);
  }

  handleReadyForQuery(): void {
    this.callback(null);
  }

  /** Of the server, or of the connection: what was not answered is not going to be. */
  handleError(error: Error, connection: Connection): void {
    const submitted: unknown = Reflect.get(connection, 'submittedNamedStatements');
    for (const { statement, query, isOver } of this.#asked) {
      if (isOver) continue;
      // Never prepared, as the server passes over everything after a failure.
      if (typeof submitted === 'object' && submitted !== null) Reflect.deleteProperty(submitted, statement.name ?? '');
      query.handleError(error, connection);
    }
    this.#under = [];
    this.hasFailed = true;
    this.callback(error);
  }
}

function tellColumns(asked: Asked): void {
  if (asked.isTold) return;
  asked.isTold = true;
  if (asked.columns != null) asked.query.handleRowDescription(asked.columns.message);
}

/** What is written to a connection, sent as one piece: a list of a hundred small ones costs the system call more than to copy them. */
class Gathered {
  readonly #chunks: Uint8Array[] = [];
  readonly #stream: Connection['stream'];

  constructor({ stream }: Connection) {
    this.#stream = stream;
  }

  get writable(): boolean {
    return this.#stream.writable;
  }

  cork(): void {}
  uncork(): void {}

  write(chunk: Uint8Array): boolean {
    this.#chunks.push(chunk);
    return true;
  }

  send(): void {
    if (this.writable && this.#chunks.length > 0) this.#stream.write(Buffer.concat(this.#chunks));
  }
}

function isHearing<Q extends Query>(query: Q): query is Q & Hearing {
  return ['handleRowDescription', 'handleDataRow', 'handleCommandComplete', 'handleReadyForQuery', 'handleError'].every(
    (name) => typeof Reflect.get(query, name) === 'function',
  );
}
