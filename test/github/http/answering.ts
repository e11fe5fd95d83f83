import { serveGraphql } from '../graphql/serve.ts';
import { type Answer, ApiError, errorBody } from './answer.ts';
import { authenticate } from './authentication.ts';
import { type Exchange, parseJson, readBody } from './exchange.ts';
import { countRequest } from './rate-limit.ts';
import type { ApiRequest, Route, createRouter } from './router.ts';
import { type World, reportFault } from '../state/world.ts';

/** Turns what a handler throws into the answer that it stands for. */
export async function answerSafely(
  exchange: Exchange,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ApiError)) {
      reportFault(exchange.world, exchange.match?.route.pattern ?? exchange.path, error);
    }
    const known = error instanceof ApiError ? error : new ApiError(500, 'Server Error');
    const body = errorBody(known, 'https://docs.github.com/rest');
    return { status: known.status, body, headers: known.headers };
  }
}

/** Answers a REST request; request and answer are held to the contract. */
export async function answerRest(
  exchange: Exchange,
  findRoute: ReturnType<typeof createRouter>,
): Promise<Answer> {
  const { world, incoming, path, query } = exchange;
  const method = incoming.method === 'HEAD' ? 'GET' : (incoming.method ?? 'GET');
  exchange.body = await readBody(incoming);
  const match = (exchange.match = findRoute(method, path));
  const actor = (exchange.actor = authenticate(world, incoming.headers.authorization));
  if (path !== '/rate_limit') countRequest(world, actor, 'core');
  const headers = incoming.headers as ApiRequest['headers'];
  const request: ApiRequest = { method, path, query, headers, body: parseJson(exchange.body) };
  if (match === undefined) throw new ApiError(404, 'Not Found');
  checkRequest(world, match.route, request);
  const answer = await match.route.handle({ world, request, actor, params: match.params });
  checkAnswer(world, request, answer);
  return answer;
}

function checkRequest({ contract, contractViolations }: World, route: Route, request: ApiRequest) {
  // What is ours alone is in nobody's description.
  if (route.pattern.includes(' /_')) return;
  const violations = contract.checkRequest(request);
  contractViolations.push(...violations);
  const refused = violations.filter(({ kind }) => kind === 'invalid');
  if (refused.length === 0) return;
  const messages = refused.map(({ message }) => message).join('\n');
  throw new ApiError(422, `Invalid request.\n\n${messages}`);
}

function checkAnswer(
  { contract, contractViolations }: World,
  { method, path }: ApiRequest,
  answer: Answer,
): void {
  const operation = contract.operationOf(method, path);
  if (operation === undefined || answer.raw !== undefined) return;
  const body: unknown =
    answer.body === undefined ? undefined : JSON.parse(JSON.stringify(answer.body));
  contractViolations.push(...contract.checkResponse(operation, answer.status, body));
}

export async function answerGraphql(exchange: Exchange): Promise<Answer> {
  const { world, incoming } = exchange;
  exchange.body = await readBody(incoming);
  exchange.actor = authenticate(world, incoming.headers.authorization);
  if (exchange.actor.kind === 'anonymous') {
    throw new ApiError(401, 'This endpoint requires you to be authenticated.');
  }
  countRequest(world, exchange.actor, 'graphql');
  const answer = await serveGraphql(world, exchange.actor, parseJson(exchange.body));
  exchange.operation = answer.operation;
  return answer;
}
