/** Paper: text at a place, rows that go to the next page where one ends. Nothing of invoices. */
import PDFDocument from 'pdfkit';
import { printable } from './printable.ts';

export const PAGE = { left: 50, right: 545, top: 50, bottom: 770, footer: 800 } as const;

export interface Cell {
  readonly text: string;
  readonly x: number;
  readonly width: number;
  readonly align?: 'left' | 'right';
  readonly bold?: boolean;
  readonly size?: number;
  readonly grey?: boolean;
}

export interface Sheet {
  /** Cells beside each other; on a new page where they do not fit on this one. */
  row(cells: readonly Cell[], options?: { readonly gap?: number }): void;
  rule(): void;
  space(points: number): void;
  /** Where there is less than this left, the next row begins a page. */
  keepTogether(points: number): void;
  /** Called for each page that begins, to repeat a heading. */
  onNewPage(heading: (() => void) | undefined): void;
  /** Whether some text could not be shown letter by letter. */
  readonly isReplaced: boolean;
  end(footer: (page: number, pages: number) => string): Promise<Buffer>;
}

export interface SheetOptions {
  readonly title: string;
  readonly language: string;
  /** The same content at the same time is the same file, byte by byte. */
  readonly at: Date;
}

const SIZE = 9;
const LEAST_SIZE = 5;
const fontOf = ({ bold }: Cell) => (bold === true ? 'Helvetica-Bold' : 'Helvetica');

export function createSheet({ title, language, at }: SheetOptions): Sheet {
  const doc = new PDFDocument({
    ...{ size: 'A4', margin: 0, bufferPages: true, lang: language, displayTitle: true },
    info: { Title: printable(title).text, Producer: 'Dropgate', Creator: 'Dropgate', CreationDate: at },
  });
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<Buffer>((resolve, reject) => {
    doc.on('end', () => resolve(Buffer.concat(chunks)));
    doc.on('error', reject);
  });
  let y: number = PAGE.top;
  let isReplaced = false;
  let heading: (() => void) | undefined;

  function turnPage(): void {
    doc.addPage();
    y = PAGE.top;
    heading?.();
  }

  /** Figures are never broken into two lines: those that are too wide are written smaller. */
  function sizeFor(cell: Cell, text: string): number {
    let size = cell.size ?? SIZE;
    if (cell.align !== 'right') return size;
    doc.font(fontOf(cell));
    while (size > LEAST_SIZE && doc.fontSize(size).widthOfString(text) > cell.width) size -= 0.5;
    return size;
  }

  function row(cells: readonly Cell[], { gap = 3 }: { readonly gap?: number } = {}): void {
    const written = cells.map((cell) => {
      const shown = printable(cell.text);
      isReplaced ||= shown.isReplaced;
      const size = sizeFor(cell, shown.text);
      const height = doc.font(fontOf(cell)).fontSize(size).heightOfString(shown.text, { width: cell.width });
      return { cell, text: shown.text, size, height };
    });
    const height = Math.max(0, ...written.map((one) => one.height));
    if (y + height > PAGE.bottom) turnPage();
    for (const { cell, text, size } of written) {
      doc.font(fontOf(cell)).fontSize(size);
      doc.fillColor(cell.grey === true ? '#666666' : '#111111');
      doc.text(text, cell.x, y, { width: cell.width, align: cell.align ?? 'left' });
    }
    y += height + gap;
  }

  return {
    row,
    rule() {
      doc.moveTo(PAGE.left, y).lineTo(PAGE.right, y).lineWidth(0.5).strokeColor('#bbbbbb').stroke();
      y += 5;
    },
    space(points) {
      y += points;
    },
    keepTogether(points) {
      if (y + points > PAGE.bottom) turnPage();
    },
    onNewPage(next) {
      heading = next;
    },
    get isReplaced() {
      return isReplaced;
    },
    async end(footer) {
      const { count } = doc.bufferedPageRange();
      for (let page = 0; page < count; page += 1) {
        doc.switchToPage(page);
        doc.font('Helvetica').fontSize(8).fillColor('#666666');
        const options = { width: PAGE.right - PAGE.left, align: 'right', lineBreak: false } as const;
        doc.text(printable(footer(page + 1, count)).text, PAGE.left, PAGE.footer, options);
      }
      doc.end();
      return await ended;
    },
  };
}
