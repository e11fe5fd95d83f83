import colors from 'picocolors';

const PAINT: Record<string, (text: string) => string> = {
  fatal: colors.red,
  error: colors.red,
  warn: colors.yellow,
  info: colors.green,
};

/** A line of the JSON log for people: time, level, message, then the other fields. */
export function renderPretty(line: string): string {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line;
  }
  const { time, level, message, error, ...others } = entry;
  const paint = PAINT[String(level)] ?? colors.gray;
  const clock = colors.gray(String(time).slice(11, 23));
  const fields = Object.entries(others).map(([name, value]) =>
    colors.gray(`${name}=${show(value)}`),
  );
  const head = [clock, paint(String(level).padEnd(5)), show(message ?? ''), ...fields].join(' ');
  return `${head}\n${error === undefined ? '' : renderError(error)}`;
}

function renderError(error: unknown): string {
  const { stack, message, cause } = error as { stack?: string; message?: string; cause?: unknown };
  const text = `  ${(stack ?? message ?? show(error)).replaceAll('\n', '\n  ')}\n`;
  return cause === undefined ? text : `${text}  because of\n${renderError(cause)}`;
}

function show(value: unknown): string {
  return typeof value === 'string' ? escapeControls(value) : JSON.stringify(value);
}

/** Text of strangers must not move the cursor or forge a line. */
function escapeControls(text: string): string {
  return text.replace(/\p{Cc}/gu, (control) => JSON.stringify(control).slice(1, -1));
}
