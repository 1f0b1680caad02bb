import { Body, Controller, Get, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Params } from '../rules/signing.js';
import { Gateway } from './gateway.service.js';

type Fields = Record<string, string | string[] | undefined>;

/** The one address of the V2 protocol. Parameters may come in the URL, in a form, or in both. */
@Controller('gateway.do')
export class GatewayController {
  constructor(private readonly gateway: Gateway) {}

  @Get()
  get(@Query() query: Fields, @Res() reply: FastifyReply): void {
    this.send(flat(query), reply);
  }

  @Post()
  post(@Query() query: Fields, @Body() body: Fields, @Res() reply: FastifyReply): void {
    this.send({ ...flat(query), ...flat(body ?? {}) }, reply);
  }

  private send(params: Params, reply: FastifyReply): void {
    const answer = this.gateway.handle(params);
    switch (answer.kind) {
      case 'redirect':
        void reply.redirect(answer.location, 302);
        return;
      case 'text':
        void reply.status(answer.status).type(answer.type).send(answer.body);
        return;
      case 'hang':
        // Nothing is ever sent: the merchant's own timeout ends it, or the sandbox stopping.
        reply.hijack();
        return;
      case 'reset':
        reply.hijack();
        reply.raw.socket?.resetAndDestroy();
    }
  }
}

/** A repeated parameter counts once, with its first value; whether it fits, the signature tells. */
function flat(fields: Fields): Params {
  const params: Params = {};
  for (const [name, value] of Object.entries(fields)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (typeof first === 'string') params[name] = first;
  }
  return params;
}
