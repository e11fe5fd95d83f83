/** A terminal with its text, as a picture: how the README shows real output. */

const CHARACTER_WIDTH = 7.8;
const LINE_HEIGHT = 19;
const MARGIN = 20;
const TITLE_BAR = 34;
const FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace";

/** A code of colour or weight: its numbers. */
const CODE = `${String.fromCharCode(27)}\\[([\\d;]*)m`;
const CODES = new RegExp(CODE, 'g');
const PIECES = new RegExp(`${CODE}|([^${String.fromCharCode(27)}]+)`, 'g');
const INDENT = new RegExp(`^(?:${CODE})*( *)`);

/** Of SGR codes: the ones that our own output uses. */
const COLOURS: Readonly<Record<string, string>> = {
  31: '#ff7b72',
  32: '#7ee787',
  33: '#e3b341',
  36: '#79c0ff',
};

interface Style {
  readonly colour?: string;
  readonly isBold?: true;
  readonly isDim?: true;
}

/** @param text with ANSI colours; long lines are wrapped */
export function renderTerminal(text: string, columns: number): string {
  const lines = text.split('\n').flatMap((line) => wrap(line, columns));
  const width = Math.ceil(columns * CHARACTER_WIDTH + 2 * MARGIN);
  const height = TITLE_BAR + lines.length * LINE_HEIGHT + MARGIN;
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map(
    (colour, index) => `<circle cx="${MARGIN + index * 18}" cy="17" r="5.5" fill="${colour}"/>`,
  );
  let style: Style = {};
  const rows = lines.map((line, index) => {
    const spans: string[] = [];
    for (const [, codes, words = ''] of line.matchAll(PIECES)) {
      if (codes !== undefined) style = codes.split(';').reduce(applyCode, style);
      else spans.push(renderSpan(words, style));
    }
    const y = TITLE_BAR + index * LINE_HEIGHT + 14;
    return `<text x="${MARGIN}" y="${y}" xml:space="preserve">${spans.join('')}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}" font-size="13" fill="#e6edf3">`,
    `<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>`,
    ...dots,
    ...rows,
    '</svg>\n',
  ].join('\n');
}

function applyCode(style: Style, code: string): Style {
  if (code === '' || code === '0') return {};
  if (code === '1') return { ...style, isBold: true };
  if (code === '2') return { ...style, isDim: true };
  const { colour, ...others } = style;
  if (code === '22') return colour === undefined ? {} : { colour };
  if (code === '39') return others;
  const next = COLOURS[code];
  return next === undefined ? style : { ...style, colour: next };
}

function renderSpan(text: string, { colour, isBold, isDim }: Style): string {
  const attributes = [
    colour === undefined ? '' : ` fill="${colour}"`,
    isBold ? ' font-weight="bold"' : '',
    isDim ? ' fill-opacity="0.65"' : '',
  ].join('');
  return `<tspan${attributes}>${escapeXml(text)}</tspan>`;
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Wraps at blanks and keeps the indentation. Escape sequences take no room. */
function wrap(line: string, columns: number): string[] {
  const indent = INDENT.exec(line)?.[2] ?? '';
  const lines: string[] = [];
  let current = '';
  let length = 0;
  for (const word of line.split(/(?<= )(?! )/)) {
    const size = visibleLength(word);
    if (length > indent.length && length + size > columns) {
      lines.push(current);
      current = indent;
      length = indent.length;
    }
    current += word;
    length += size;
  }
  return [...lines, current];
}

function visibleLength(text: string): number {
  return text.replace(CODES, '').trimEnd().length;
}
