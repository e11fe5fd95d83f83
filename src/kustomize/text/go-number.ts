/**
 * A float as Go's YAML prints it, with the shortest digits that read back (`FormatFloat` with `g`
 * and -1): the exponent form below 1e-4 and from 1e6 on.
 */
export function goFloat(value: number): string {
  return format(value, -4, 6, 2);
}

/** A number as Go's JSON prints it: the exponent form below 1e-6 and from 1e21 on. */
export function goJsonNumber(value: number | bigint): string {
  return typeof value === 'bigint' ? String(value) : format(value, -6, 21, 1);
}

function format(value: number, below: number, from: number, exponentDigits: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', exponentText = ''] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent < below || exponent >= from) {
    const digits = String(Math.abs(exponent)).padStart(exponentDigits, '0');
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`;
  }
  return plainDecimal(mantissa, exponent);
}

/** The digits of a mantissa with the point where the exponent puts it. */
function plainDecimal(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return sign + digits.padEnd(exponent + 1, '0');
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}
