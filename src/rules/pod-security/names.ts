/** What is wrong with a name, in the words of the API server. */

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const NOT_A_LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const NOT_A_SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** Of a name of a namespace. Empty when nothing is wrong. */
export function labelProblems(name: string): string[] {
  const problems = lengthProblems(name, 63);
  if (LABEL.test(name)) return problems;
  return [...problems, SUBDOMAIN.test(name) ? 'must not contain dots' : NOT_A_LABEL];
}

/** Of a name of a runtime class. Empty when nothing is wrong. */
export function subdomainProblems(name: string): string[] {
  const problems = lengthProblems(name, 253);
  return SUBDOMAIN.test(name) ? problems : [...problems, NOT_A_SUBDOMAIN];
}

/** In bytes, as Go counts. */
function lengthProblems(name: string, most: number): string[] {
  return Buffer.byteLength(name) > most ? [`must be no more than ${most} characters`] : [];
}
