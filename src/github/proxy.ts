/** Where requests leave a network that lets nothing out directly. URLs may hold a password. */
export interface ProxySettings {
  /** For http addresses. */
  readonly http?: string;
  /** For https addresses. */
  readonly https?: string;
  /** Names that are reached without it: `example.org` with its subdomains, `*` for all. */
  readonly except: readonly string[];
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * The proxy that an address is reached through, as curl and others choose it. This machine is
 * always reached directly: its own names mean another machine to a proxy.
 */
export function proxyFor(url: URL, settings: ProxySettings | undefined): string | undefined {
  const proxy = url.protocol === 'https:' ? settings?.https : settings?.http;
  const isDirect = LOOPBACK.test(url.hostname) || isExcepted(url, settings?.except ?? []);
  return isDirect ? undefined : proxy;
}

function isExcepted(url: URL, except: readonly string[]): boolean {
  const name = url.hostname.toLowerCase().replace(/\.$/, '');
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return except.some((entry) => {
    const [, pattern = '', onPort = port] = ENTRY.exec(entry.toLowerCase()) ?? [];
    if (onPort !== port) return false;
    const suffix = pattern.replace(/^\*?\./, '');
    return pattern === '*' || name === suffix || (suffix !== '' && name.endsWith(`.${suffix}`));
  });
}

/** `example.org`, `.example.org`, `*.example.org`, `10.0.0.1`, `[fd00::1]`, each with a port or not. */
const ENTRY = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/;

/** The settings of an environment, in upper or lower case; undefined where none is set. */
export function readProxySettings(
  variables: Readonly<Record<string, string | undefined>>,
): ProxySettings | undefined {
  const read = (name: string) => {
    const value = (variables[name] ?? variables[name.toLowerCase()])?.trim();
    return value !== undefined && URL.canParse(value) ? value : undefined;
  };
  const [http, https] = [read('HTTP_PROXY'), read('HTTPS_PROXY')];
  if ((http ?? https) === undefined) return undefined;
  const except = (variables.NO_PROXY ?? variables.no_proxy ?? '').split(',');
  return {
    ...(http !== undefined && { http }),
    ...(https !== undefined && { https }),
    except: except.map((item) => item.trim()).filter((item) => item !== ''),
  };
}
