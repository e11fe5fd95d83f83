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
stopOnSignals({ stop: () => app.close(), deadline: 25_000, log });
