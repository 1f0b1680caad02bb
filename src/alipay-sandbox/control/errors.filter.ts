import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { BizError, GatewayError, UnknownThingError } from '../rules/errors.js';

/** Gives the control API's callers the sandbox's own refusals as JSON with a stable code. */
@Catch(BizError, GatewayError, UnknownThingError)
export class SandboxErrorsFilter implements ExceptionFilter {
  catch(error: BizError | GatewayError | UnknownThingError, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const [status, code] = statusAndCode(error);
    void reply.status(status).send({ code, message: error.message });
  }
}

function statusAndCode(error: Error): [number, string] {
  if (error instanceof BizError) {
    const status = error.code === 'ACQ.TRADE_NOT_EXIST' ? 404 : 409;
    return [status, error.code.replace(/^ACQ\./, '')];
  }
  if (error instanceof GatewayError) return [400, error.subCode];
  return [404, 'NOT_FOUND'];
}
