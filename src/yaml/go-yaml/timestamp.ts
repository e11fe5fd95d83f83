const TIMESTAMP =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:([Tt ])(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(Z|[-+]\d\d:\d\d)?)?$/;

/**
 * Whether go-yaml v2 takes a plain text for a timestamp (`resolve.go`, `parseTimestamp`): a date,
 * a date and time with `T` and a zone, or a date and time with one blank and no zone. It reads one
 * as text all the same, but prints a text that looks like one in quotes.
 */
export function isTimestamp(text: string): boolean {
  const match = TIMESTAMP.exec(text);
  if (match === null) return false;
  const [, year, month, day, separator, hour, minute, second, zone] = match;
  if (!isDate(Number(year), Number(month), Number(day))) return false;
  if (separator === undefined) return true;
  if ((separator === ' ') !== (zone === undefined)) return false;
  return Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60 && isZone(zone);
}

function isDate(year: number, month: number, day: number): boolean {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days;
}

/** Go lets 24 hours and 60 minutes pass. */
function isZone(zone: string | undefined): boolean {
  if (zone === undefined || zone === 'Z') return true;
  return Number(zone.slice(1, 3)) <= 24 && Number(zone.slice(4)) <= 60;
}
