/** One request that the embedded GitHub answered. */
export interface RequestRecord {
  /** Counts from 1. */
  readonly id: number;
  readonly method: string;
  /** Path with query, without the API's base path. */
  readonly path: string;
  /** The route that answered, e.g. `GET /repos/{owner}/{repo}`; undefined when none matched. */
  readonly route: string | undefined;
  /** For GraphQL the operation's name or its first field. */
  readonly operation: string | undefined;
  /** 0 when the connection was cut instead of an answer. */
  readonly status: number;
  /** Login, `app/SLUG` for an App's own token, `SLUG[bot]` for an installation, `anonymous`. */
  readonly actor: string;
  readonly requestBytes: number;
  readonly responseBytes: number;
}
