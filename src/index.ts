import { startApp } from './app/start.ts';
import { requireEnvironment } from './server/environment.ts';
import { createLogger } from './server/logging.ts';
import { stopOnSignals } from './server/shutdown.ts';

const environment = requireEnvironment();
const log = createLogger({
  level: environment.logLevel,
  format: environment.logFormat,
  secrets: [...environment.webhookSecrets, environment.privateKey],
});
const app = await startApp(environment, log);
// Above what closing takes at most, below the 30 s after which Kubernetes kills.
stopOnSignals({ stop: () => app.close(), deadline: 28_000, log });
