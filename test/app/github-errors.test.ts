import { RequestError } from '@octokit/request-error';
import { expect, it } from 'vitest';

import { translateError } from '../../src/github/errors.ts';

function answered(status: number, message: string): unknown {
  const request = { method: 'GET', url: 'https://api.github.com', headers: {} } as const;
  const response = { status, url: request.url, headers: {}, data: {} };
  return translateError(new RequestError(message, status, { request, response }));
}

it.each([
  [403, 'Resource not accessible by integration', 'forbidden', 'GitHub does not allow it: '],
  [403, 'This installation has been suspended', 'forbidden', 'GitHub does not allow it: '],
  [403, 'Repository was archived so is read-only.', 'gone', 'GitHub keeps it as it is: '],
  [404, 'Not Found', 'gone', 'GitHub does not find it: '],
  [422, 'Validation Failed', 'refused', 'GitHub refuses the request: '],
])('%i %s is for good', (status, message, code, words) => {
  expect(answered(status, message)).toMatchObject({ code, message: words + message });
});

it.each([401, 500, 502])('%i may heal', (status) => {
  expect(answered(status, 'x')).toBeInstanceOf(RequestError);
});
