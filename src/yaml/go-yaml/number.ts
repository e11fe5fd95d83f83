const INTEGER = /^-?[0-9]+$/;
const MIN_INT64 = -(2n ** 63n);
const MAX_UINT64 = 2n ** 64n - 1n;

/**
 * A number as go-yaml prints it after reading it from JSON: a whole number that 64 bits hold as
 * its digits, any other as a float.
 */
export function printedNumber(value: number): string {
  const json = String(value);
  if (INTEGER.test(json)) {
    const exact = BigInt(json);
    if (exact >= MIN_INT64 && exact <= MAX_UINT64) return String(exact);
  }
  return shortest(value.toExponential());
}

/** A number that stands as a key: go-yaml's JSON step prints keys with the precision of 32 bits. */
export function printedFloatKey(value: number): string {
  const single = Math.fround(value);
  if (Number.isNaN(single)) return '.nan';
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf';
  for (let digits = 0; digits < 9; digits += 1) {
    const text = single.toExponential(digits);
    if (Math.fround(Number(text)) === single) return shortest(text);
  }
  return shortest(single.toExponential());
}

/** Go's `%g` of a number written as `1.25e+7`: an exponent below -4 and from 6 digits on. */
function shortest(exponential: string): string {
  const [mantissa = '', exponent = '0'] = exponential.split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(Number(exponential));
  const sign = power < 0 ? '-' : '+';
  return `${mantissa}e${sign}${String(Math.abs(power)).padStart(2, '0')}`;
}
