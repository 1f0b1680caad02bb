import 'reflect-metadata';
import { startSandbox } from './app.js';
import { optionsFromEnv } from './options.js';

try {
  const options = optionsFromEnv(process.env);
  const sandbox = await startSandbox(options);
  const publicUrl = options.publicUrl ?? sandbox.url;
  console.log(`Alipay sandbox: ${publicUrl}/ (gateway ${publicUrl}/gateway.do)`);
  const stop = (): void => void sandbox.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = code === 'EADDRINUSE' ? `${message}; choose another SANDBOX_PORT.` : message;
  console.error(`The Alipay sandbox cannot start: ${reason}`);
  process.exitCode = 1;
}
