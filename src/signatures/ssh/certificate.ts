import { SshFormatError, type WireReader, createWireReader, toText } from './wire.ts';

/**
 * OpenSSH certificates (PROTOCOL.certkeys). Flux treats one as a key like any other: what it says
 * of owner, time and rights does not count, only its form must be right.
 */
const CERTIFICATE = /^(.+)-cert-v01(@openssh\.com)$/;
const SECURITY_KEY = 'sk-';

/** The format of the key in a certificate; undefined for what is not one. */
export function certifiedAlgorithm(algorithm: string): string | undefined {
  const [, stem, domain] = CERTIFICATE.exec(algorithm) ?? [];
  if (stem === undefined || domain === undefined) return undefined;
  return stem.startsWith(SECURITY_KEY) ? stem + domain : stem;
}

/**
 * Reads a certificate behind its name. Throws an SshFormatError.
 *
 * @param checkAuthority throws unless the bytes are a plain key, never a certificate again.
 */
export function readCertificate<Key>(
  reader: WireReader,
  readKey: () => Key,
  checkAuthority: (blob: Uint8Array) => void,
): Key {
  reader.string(); // a nonce
  const key = readKey();
  reader.fixed(8 + 4); // serial number and type
  reader.string(); // who it was made for
  readList(reader.string(), (principals) => principals.string());
  reader.fixed(8 + 8); // validity
  readOptions(reader.string()); // critical ones
  readOptions(reader.string()); // extensions
  reader.string();
  checkAuthority(reader.string());
  checkSignature(reader.string());
  return key;
}

/** Pairs of name and value, in the order of the names. */
function readOptions(bytes: Uint8Array): void {
  let last: string | undefined;
  readList(bytes, (list) => {
    const name = toText(list.string());
    if (last !== undefined && name <= last) {
      throw new SshFormatError('ssh: certificate options are not in lexical order');
    }
    last = name;
    const value = list.string();
    if (value.length === 0) return;
    const content = createWireReader(value);
    content.string();
    if (!content.isAtEnd()) {
      throw new SshFormatError('ssh: unexpected trailing data after certificate option value');
    }
  });
}

function checkSignature(bytes: Uint8Array): void {
  const signature = createWireReader(bytes);
  const format = toText(signature.string());
  signature.string();
  // Signatures of security keys carry more.
  if (!format.startsWith(SECURITY_KEY) && !signature.isAtEnd()) {
    throw new SshFormatError('ssh: signature parse error');
  }
}

function readList(bytes: Uint8Array, readOne: (list: WireReader) => void): void {
  const list = createWireReader(bytes);
  while (!list.isAtEnd()) readOne(list);
}
