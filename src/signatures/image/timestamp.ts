import type { SignedEntity } from '@sigstore/verify';

type Timestamp = SignedEntity['timestamps'][number];

const TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d(?:\.\d{1,9})?)Z$/;
/** Where the time stands among the fields of a TSTInfo (RFC 3161, 2.4.2). */
const GEN_TIME = 4;

/**
 * A timestamp whose time may have any fraction of a second: RFC 3161 (2.4.2) drops the zeros at
 * its end, and the library reads either none or three digits. Its signature stays over its bytes.
 *
 * @throws when the timestamp is none
 */
export function withAnyFraction(stamp: Timestamp): Timestamp {
  if (stamp.$case !== 'timestamp-authority') return stamp;
  const [, year, month, day, hour, minute, second] =
    TIME.exec(stamp.timestamp.tstInfo.root.subs[GEN_TIME]?.value.toString('latin1') ?? '') ?? [];
  if (second === undefined) return stamp;
  const signingTime = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  const timestamp = Object.create(stamp.timestamp, {
    signingTime: { value: signingTime },
  }) as typeof stamp.timestamp;
  return { ...stamp, timestamp };
}
