/** Where the display goes: a terminal whose lines can be drawn again, or a file that takes whole lines. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Step {
  /** What it is at right now, in a few words. */
  note(text: string): void;
  /** The same, when it changes so often that only a terminal should show it. */
  passing(text: string): void;
  done(text?: string): void;
  failed(text?: string): void;
}

const FRAME_MS = 100;
const ERASE_LINE = '\u001b[2K';
const LINE_UP = '\u001b[1A';
const NAME_WIDTH = 10;

interface Active {
  readonly name: string;
  readonly startedAt: number;
  note: string;
}

/**
 * Steps that go on at the same time. On a terminal the lines of those under way are drawn again with the time that has
 * passed; elsewhere each step is one line when it ends, and one for each note that says what takes long.
 */
export class Progress {
  readonly #screen: Screen;
  readonly #now: () => number;
  readonly #active = new Set<Active>();
  #drawn = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(screen: Screen, now: () => number = () => performance.now()) {
    this.#screen = screen;
    this.#now = now;
  }

  begin(name: string, note = ''): Step {
    const active: Active = { name, startedAt: this.#now(), note };
    this.#active.add(active);
    this.#redraw();
    if (note !== '') this.#tellNote(active);
    const end = (mark: string, text: string) => {
      if (!this.#active.delete(active)) return;
      this.line(`  ${mark} ${name.padEnd(NAME_WIDTH)} ${this.#elapsed(active).padStart(7)}  ${text}`.trimEnd());
    };
    return {
      note: (text) => {
        if (active.note === text) return;
        active.note = text;
        this.#tellNote(active);
      },
      passing: (text) => {
        active.note = text;
      },
      done: (text = '') => end('✓', text),
      failed: (text = '') => end('✗', text),
    };
  }

  /** A whole line that stays, above the ones that are drawn again. */
  line(text: string): void {
    this.#erase();
    this.#screen.write(`${text}\n`);
    this.#redraw();
  }

  /** Leaves nothing on the screen that would be drawn again. */
  close(): void {
    this.#active.clear();
    this.#erase();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** A terminal shows it with the step; elsewhere it is a line of its own. */
  #tellNote({ name, note }: Active): void {
    if (this.#screen.isTTY !== true) this.line(`  … ${name.padEnd(NAME_WIDTH)} ${note}`);
  }

  #redraw(): void {
    if (this.#screen.isTTY !== true) return;
    this.#erase();
    const width = (this.#screen.columns ?? 80) - 1;
    for (const active of this.#active) {
      const text = `  … ${active.name.padEnd(NAME_WIDTH)} ${this.#elapsed(active).padStart(7)}  ${active.note}`;
      this.#screen.write(`${text.slice(0, width)}\n`);
    }
    this.#drawn = this.#active.size;
    if (this.#drawn === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    } else {
      // The display never keeps a process alive that has nothing else to do.
      this.#timer ??= setInterval(() => this.#redraw(), FRAME_MS).unref();
    }
  }

  #erase(): void {
    if (this.#drawn > 0) this.#screen.write(`${LINE_UP}${ERASE_LINE}`.repeat(this.#drawn));
    this.#drawn = 0;
  }

  #elapsed({ startedAt }: Active): string {
    return `${((this.#now() - startedAt) / 1000).toFixed(1)} s`;
  }
}
