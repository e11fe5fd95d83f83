/** The environment variables of the server: what messages and the README say about each. */
export const VARIABLES = {
  APP_ID: 'the number at the top of your GitHub App\'s settings page ("App ID")',
  PRIVATE_KEY:
    "the App's private key: the PEM file that its settings page generates, as text (line ends may be \\n) or in base64",
  PRIVATE_KEY_PATH: "the path of the App's private key file, instead of PRIVATE_KEY",
  WEBHOOK_SECRET:
    "the webhook secret of the App's settings page (make one with `openssl rand -hex 32`); while you change it, both, separated by a comma",
  GITHUB_API_URL:
    'the API to use: https://HOST/api/v3 for GitHub Enterprise Server; the public one when absent',
  HOST: 'the address to listen on; all addresses when absent',
  PORT: 'the port for webhooks and health, 0 to 65535; 3000 when absent',
  METRICS_PORT: 'a port for metrics and health alone, 0 to 65535; the same as PORT when absent',
  DATA_DIR: 'a folder of this program alone, on a disk that survives restarts; ./data when absent',
  WORKERS: 'how many jobs run at a time, 1 to 64; 4 when absent',
  LOG_LEVEL: 'fatal, error, warn, info, debug, trace or silent; info when absent',
  LOG_FORMAT: 'json or pretty; json when absent',
  REGISTRY_HOSTS: 'the container registries that may be asked, host names separated by commas',
  REGISTRY_CREDENTIALS:
    "the path of a file with credentials for registries, in the form of Docker's config.json",
  SIGSTORE_TRUSTED_ROOT:
    'the path of a Sigstore trust root (trusted_root.json); the public one, as this version ships it, when absent',
  NODE_EXTRA_CA_CERTS: 'the path of a PEM file with further certificate authorities',
  HTTP_PROXY: 'the URL of a proxy for http addresses; this machine itself is reached directly',
  HTTPS_PROXY:
    'the URL of a proxy for https addresses: GitHub and registries are reached through a tunnel of it',
  NO_PROXY: 'hosts to reach without the proxy, with their subdomains, separated by commas',
} as const;

export type Variable = keyof typeof VARIABLES;
