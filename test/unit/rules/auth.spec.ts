/** Who comes in: the guard, the strategy and the tokens, before a handful of routes of a small app. */
import { createHmac, createSecretKey } from 'node:crypto';
import { Controller, type ExecutionContext, Get, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory, Reflector } from '@nestjs/core';
import { JwtService } from '@nestjs/jwt';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuthModule } from '../../../src/auth/auth.module.js';
import { Authenticated } from '../../../src/auth/authenticated.decorator.js';
import { Caller } from '../../../src/auth/caller.decorator.js';
import { JwtAuthGuard } from '../../../src/auth/jwt-auth.guard.js';
import { tokenOf } from '../../../src/auth/jwt.strategy.js';
import type { Principal } from '../../../src/auth/principal.js';
import { Public } from '../../../src/auth/public.decorator.js';
import { Revocations } from '../../../src/auth/revocations.js';
import { TokenOptional } from '../../../src/auth/token-optional.decorator.js';
import { Tokens } from '../../../src/auth/tokens.js';
import { VerifiedTokens } from '../../../src/auth/verified-tokens.js';
import { ByVisitor, type Visitor } from '../../../src/auth/visitor.decorator.js';
import { ProblemFilter } from '../../../src/common/problem.filter.js';
import { Config } from '../../../src/config/config.js';
import { ConfigModule } from '../../../src/config/config.module.js';
import { TEST_JWT_SECRET, testSettings } from '../../kit/settings.js';
import { claimsOf, handMade, inSeconds, type Json } from '../../kit/tokens.js';

/** Answers who the handler takes the caller for. */
const told = (caller: Principal | undefined) => ({ caller: caller ?? 'nobody' });

/** Nobody's token has been revoked, as far as the database knows. */
const NO_ROWS = { query: () => Promise.resolve([]) } as unknown as DataSource;
const CONFIG = testSettings('mysql://nobody:none@127.0.0.1:9/none', { JWT_TTL_SECONDS: '7200' });

/** The routes, made anew for each test: the decorators are part of what is tested. */
function smallApp() {
  @Controller('unmarked')
  class Unmarked {
    @Get() all() {
      return told(undefined);
    }
    @Public() @Get('open') open() {
      return told(undefined);
    }
  }

  @Authenticated()
  @Controller('buyer')
  class ForBuyers {
    @Get() own(@Caller() caller: Principal) {
      return told(caller);
    }
    @Public() @Get('open') open(@Caller() caller: Principal | undefined) {
      return told(caller);
    }
    @TokenOptional() @Get('either') either(@Caller() caller: Principal | undefined) {
      return told(caller);
    }
  }

  @Authenticated('admin')
  @Controller('admin')
  class ForAdmins {
    @Get() own(@Caller() caller: Principal) {
      return told(caller);
    }
  }

  @Public()
  @Controller('public')
  class ForAll {
    @Authenticated() @Get('closed') closed(@Caller() caller: Principal) {
      return told(caller);
    }
  }

  @TokenOptional()
  @Controller('visitor')
  class ForVisitors {
    @Get() own(@ByVisitor() { userId, request, reply }: Visitor) {
      void reply.header('x-asked', request.url);
      return { userId: userId ?? 'nobody' };
    }
    @Authenticated() @Get('closed') closed(@Caller() caller: Principal) {
      return told(caller);
    }
  }

  @Module({
    providers: [{ provide: DataSource, useValue: NO_ROWS }],
    exports: [DataSource],
  })
  class NoDatabase {}

  @Module({
    imports: [ConfigModule.with(CONFIG), { module: NoDatabase, global: true }, AuthModule],
    controllers: [Unmarked, ForBuyers, ForAdmins, ForAll, ForVisitors],
    providers: [
      { provide: APP_GUARD, useClass: JwtAuthGuard },
      { provide: APP_FILTER, useValue: new ProblemFilter(() => undefined) },
    ],
  })
  class SmallApp {}

  return { SmallApp, ForBuyers };
}

let app: NestFastifyApplication;
let document: OpenAPIObject;
beforeEach(async () => {
  const fastify = new FastifyAdapter();
  app = await NestFactory.create(smallApp().SmallApp, fastify, {
    logger: false,
    // Else a fault at the start would end the process, and no test would fail.
    abortOnError: false,
  });
  document = SwaggerModule.createDocument(app, new DocumentBuilder().addBearerAuth().build());
  await app.init();
});
afterEach(() => app.close());

const get = async (url: string, authorization?: string) => {
  const answer = await app.inject({
    url,
    headers: authorization === undefined ? {} : { authorization },
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json<Json>() };
};
const bearer = (claims: Json, more?: Parameters<typeof handMade>[1]) =>
  `Bearer ${handMade(claims, more)}`;
const statusOf = async (url: string, authorization?: string) =>
  (await get(url, authorization)).status;

/** A user of its own for each test, so that no test knows what another has left. */
let users = 100;
const claims = (more: Json = {}, role: 'buyer' | 'admin' = 'buyer') => {
  users += 1;
  return { ...claimsOf(users, role), ...more } as Json;
};
const without = (name: string) => {
  const { [name]: _, ...rest } = claims();
  return rest;
};

describe('a route', () => {
  it('is closed unless it says otherwise, and open where it does, whatever its class says', async () => {
    const routes = ['/unmarked', '/buyer', '/admin', '/public/closed', '/visitor/closed'];
    for (const url of routes) {
      const { status, body } = await get(url);
      expect([url, status, body['code']]).toEqual([url, 401, 'NOT_AUTHENTICATED']);
    }
    for (const url of ['/unmarked/open', '/buyer/open', '/buyer/either', '/visitor']) {
      expect([url, await statusOf(url)]).toEqual([url, 200]);
    }
  });

  it('knows its caller by the token: id, name, role and version', async () => {
    const mine = claims({ ver: 3 });
    expect((await get('/buyer', bearer(mine))).body).toEqual({
      caller: {
        id: Number(mine['sub']),
        username: mine['username'],
        role: 'buyer',
        version: 3,
      },
    });
    for (const url of ['/unmarked', '/public/closed', '/visitor/closed']) {
      expect(await statusOf(url, bearer(mine))).toBe(200);
    }
  });

  it('for administrators refuses a buyer, at the first look and when remembered', async () => {
    const [buyer, admin] = [bearer(claims()), bearer(claims({}, 'admin'))];
    for (let look = 0; look < 2; look += 1) {
      const refused = await get('/admin', buyer);
      expect([refused.status, refused.body['code']]).toEqual([403, 'PERMISSION_DENIED']);
      expect(await statusOf('/admin', admin)).toBe(200);
      expect(await statusOf('/buyer', admin)).toBe(200);
    }
    expect(await statusOf('/buyer', buyer)).toBe(200);
  });

  it('asks nobody for a token where it is open: a bad one does no harm, and makes no caller', async () => {
    expect((await get('/buyer/open', 'Bearer x.y.z')).body).toEqual({ caller: 'nobody' });
    expect((await get('/buyer/open', bearer(claims()))).body).toEqual({ caller: 'nobody' });
  });

  it('says in the document who may come in, and how it refuses', () => {
    const of = (path: string) => {
      const { security, responses } = document.paths[path]!.get!;
      return { security, refusals: Object.keys(responses).filter((status) => status >= '400') };
    };
    const closed = { security: [{ bearer: [] }], refusals: ['401'] };
    expect(of('/buyer')).toEqual(closed);
    expect(of('/admin')).toEqual({ ...closed, refusals: ['401', '403'] });
    expect(of('/visitor')).toEqual({ security: [{ bearer: [] }, {}], refusals: ['401'] });
  });
});

describe('a route with an optional token', () => {
  it('serves its owner as that user, and everybody else as nobody', async () => {
    const mine = claims();
    const served = await get('/visitor', bearer(mine));
    expect(served.body).toEqual({ userId: Number(mine['sub']) });
    expect(served.headers['x-asked']).toBe('/visitor');
    const nobodies = [undefined, 'JWT undefined', 'Basic x', bearer(claims(), { secret: 'other' })];
    for (const authorization of nobodies) {
      expect((await get('/visitor', authorization)).body).toEqual({ userId: 'nobody' });
    }
  });

  it('refuses a token that was ours and is good no more, instead of serving somebody else’s', async () => {
    const dead = [
      claims({ exp: inSeconds(-3600) }),
      claims({ typ: 'refresh' }),
      claims({ nbf: inSeconds(3600) }),
    ];
    for (const one of dead) {
      expect(await statusOf('/visitor', bearer(one))).toBe(401);
    }
    const mine = claims();
    app.get(Revocations).note(Number(mine['sub']), 1);
    expect(await statusOf('/visitor', bearer(mine))).toBe(401);
  });
});

describe('a token', () => {
  it('may come as JWT or Bearer in any case, with blanks between, and no other way', () => {
    const found = ['JWT t', 'Bearer t', 'bearer   t', 'jwt t.u-v_'].map((authorization) =>
      tokenOf({ headers: { authorization } }),
    );
    expect(found).toEqual(['t', 't', 't', 't.u-v_']);
    const none = ['', 'Bearer', 'Bearer ', 'Bearert', 't', 'Basic t', 'x Bearer t', 'Bearer t u'];
    for (const authorization of none) {
      expect(tokenOf({ headers: { authorization } })).toBeNull();
    }
    expect(tokenOf({ headers: {} })).toBeNull();
  });

  it.each([
    ['no end', without('exp')],
    ['no issuer', without('iss')],
    ['another issuer', claims({ iss: 'meiduo' })],
    ['no audience', without('aud')],
    ['another audience', claims({ aud: 'meiduo-admin' })],
    ['no kind', without('typ')],
    ['another kind', claims({ typ: 'refresh' })],
    ['no user', without('sub')],
    ['a name for its user', claims({ sub: 'admin' })],
    ['half a user', claims({ sub: '1.5' })],
    ['no version', without('ver')],
    ['text for its version', claims({ ver: '0' })],
    ['an end beyond the leeway', claims({ exp: inSeconds(-40) })],
    ['a beginning far ahead of our clock', claims({ iat: inSeconds(930) })],
  ])('with %s is refused', async (_, wrong) => {
    const { status, body } = await get('/buyer', bearer(wrong));
    expect([status, body['code']]).toEqual([401, 'NOT_AUTHENTICATED']);
  });

  it.each([
    ['an end within the leeway', claims({ exp: inSeconds(-15) })],
    ['a beginning a little ahead of our clock', claims({ iat: inSeconds(870) })],
    ['no beginning', without('iat')],
  ])('with %s is taken', async (_, right) => {
    expect(await statusOf('/buyer', bearer(right))).toBe(200);
  });

  it('is refused under another algorithm, though it is our secret that signed', async () => {
    for (const [alg, hash] of [
      ['HS384', 'sha384'],
      ['HS512', 'sha512'],
    ] as const) {
      expect(await statusOf('/buyer', bearer(claims(), { header: { alg }, hash }))).toBe(401);
    }
  });

  it('is remembered once it was verified, by its header, and then not verified again', async () => {
    const mine = claims();
    const verified = app.get(VerifiedTokens);
    const header = bearer(mine);
    expect(verified.principalOf(header)).toBeUndefined();
    await get('/buyer', header);
    expect(verified.principalOf(header)).toMatchObject({ id: Number(mine['sub']) });
    expect(verified.principalOf('')).toBeUndefined();
    const principal: Principal = { id: 7, username: 'seven', role: 'buyer', version: 0 };
    verified.add('Bearer remembered', { principal, exp: inSeconds(60) });
    expect((await get('/buyer', 'Bearer remembered')).body).toEqual({ caller: principal });
  });

  it('is not remembered when it was refused', async () => {
    for (const wrong of [claims({ iat: inSeconds(930) }), claims({ typ: 'refresh' })]) {
      const header = bearer(wrong);
      await get('/buyer', header);
      expect(app.get(VerifiedTokens).principalOf(header)).toBeUndefined();
    }
  });

  it('is dead from the moment its version is revoked, verified before or not; the next version lives', async () => {
    const mine = claims({ ver: 1 });
    const header = bearer(mine);
    expect(await statusOf('/buyer', header)).toBe(200);
    app.get(Revocations).note(Number(mine['sub']), 2);
    expect(await statusOf('/buyer', header)).toBe(401);
    expect(await statusOf('/buyer', bearer({ ...mine, iat: inSeconds(-1) }))).toBe(401);
    expect(await statusOf('/buyer', bearer({ ...mine, ver: 2 }))).toBe(200);
  });
});

describe('the guard', () => {
  const guard = () => new JwtAuthGuard(new Reflector(), app.get(VerifiedTokens), app.get(Tokens));
  const contextOf = ({ ForBuyers }: ReturnType<typeof smallApp>) =>
    ({
      getHandler: () => ForBuyers.prototype.own,
      getClass: () => ForBuyers,
      switchToHttp: () => ({ getRequest: () => ({ headers: {} }) }),
    }) as unknown as ExecutionContext;
  const principal: Principal = { id: 1, username: 'a', role: 'buyer', version: 0 };

  it('lets nobody in whom passport has named together with an error', () => {
    const context = contextOf(smallApp());
    expect(guard().handleRequest(null, principal, null, context)).toBe(principal);
    expect(() => guard().handleRequest(new Error('x'), principal, null, context)).toThrow(
      'NOT_AUTHENTICATED',
    );
    expect(() => guard().handleRequest(null, false, null, context)).toThrow('NOT_AUTHENTICATED');
  });
});

describe('the tokens', () => {
  const key = createSecretKey(Buffer.from(TEST_JWT_SECRET));
  const tokens = new Tokens(new JwtService({ secret: key }), { JWT_TTL_SECONDS: 7200 } as Config);
  const issued = () => tokens.issue({ id: 26, username: '李雷', role: 'admin', version: 4 });
  const part = (token: string, at: number) =>
    JSON.parse(Buffer.from(token.split('.')[at] ?? '', 'base64url').toString()) as Json;

  it('say whose they are, for whom and for how long, and are signed with HS256', () => {
    const token = issued();
    const { iat, exp, ...rest } = part(token, 1);
    expect(rest).toEqual({
      sub: '26',
      username: '李雷',
      role: 'admin',
      ver: 4,
      typ: 'access',
      iss: 'meiduo-mall',
      aud: 'meiduo-shop',
    });
    expect(Number(exp) - Number(iat)).toBe(7200);
    expect(part(token, 0)).toEqual({ alg: 'HS256', typ: 'JWT' });
    const [head, body, signature] = token.split('.');
    const expected = createHmac('sha256', TEST_JWT_SECRET).update(`${head}.${body}`);
    expect(signature).toBe(expected.digest('base64url'));
  });

  it('that are issued are let in', async () => {
    const mine = app.get(Tokens).issue({ id: 27, username: 'b', role: 'buyer', version: 0 });
    expect(await statusOf('/buyer', `JWT ${mine}`)).toBe(200);
    expect(Number(part(mine, 1)['exp']) - Number(part(mine, 1)['iat'])).toBe(7200);
  });

  it('are known as ours whatever became of them, and others’ are not', () => {
    const ours = [
      issued(),
      handMade(claims({ exp: inSeconds(-86_400) })),
      handMade(claims({ nbf: inSeconds(86_400) })),
      handMade({ typ: 'refresh' }),
    ];
    expect(ours.map((token) => tokens.wasOurs(token))).toEqual([true, true, true, true]);
    const others = [
      '',
      'x.y.z',
      handMade(claims(), { secret: 'other' }),
      handMade(claims(), { header: { alg: 'HS512' }, hash: 'sha512' }),
    ];
    expect(others.map((token) => tokens.wasOurs(token))).toEqual([false, false, false, false]);
  });
});

describe('the revocations', () => {
  const LIFE_S = 31 * 86_400;
  /** Its readings are answered by hand; the clock is moved by hand as well. */
  const readings = () => {
    const asked: number[] = [];
    const answers: { resolve: (rows: object[]) => void; reject: (error: Error) => void }[] = [];
    const query = (_: string, [seconds]: number[]) => {
      asked.push(seconds ?? Number.NaN);
      return new Promise((resolve, reject) => answers.push({ resolve, reject }));
    };
    const revocations = new Revocations({ query } as unknown as DataSource);
    const warnings: string[] = [];
    Object.assign(revocations, { logger: { warn: (text: string) => warnings.push(text) } });
    return { revocations, asked, answers, warnings };
  };
  const faked = async (work: () => Promise<void>) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    try {
      await work();
    } finally {
      vi.useRealTimers();
    }
  };

  it('kill the versions below the newest they were told of, of that user alone', () => {
    const { revocations } = readings();
    expect(revocations.revoked(1, 0)).toBe(false);
    revocations.note(1, 3);
    revocations.note(1, 2);
    expect([2, 3, 4].map((version) => revocations.revoked(1, version))).toEqual([
      true,
      false,
      false,
    ]);
    expect(revocations.revoked(2, 0)).toBe(false);
  });

  it('are read before the shop is open: all of a token’s longest life, then twice a second', () =>
    faked(async () => {
      const { revocations, asked, answers } = readings();
      const opened = revocations.onModuleInit();
      expect(asked).toEqual([LIFE_S + 10]);
      answers[0]?.resolve([{ id: 5, version: 2 }]);
      await opened;
      expect(revocations.revoked(5, 1)).toBe(true);
      await vi.advanceTimersByTimeAsync(499);
      expect(asked).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(asked).toEqual([LIFE_S + 10, 11]);
      answers[1]?.resolve([{ id: 6, version: 1 }]);
      await vi.advanceTimersByTimeAsync(500);
      expect(revocations.revoked(6, 0)).toBe(true);
      expect(asked).toHaveLength(3);
      revocations.onApplicationShutdown();
      answers[2]?.resolve([]);
      await vi.advanceTimersByTimeAsync(5000);
      expect(asked).toHaveLength(3);
    }));

  it('are not read twice at once, and after a failure from where the last good reading began', () =>
    faked(async () => {
      const { revocations, asked, answers, warnings } = readings();
      const opened = revocations.onModuleInit();
      answers[0]?.resolve([]);
      await opened;
      await vi.advanceTimersByTimeAsync(3000);
      expect(asked).toHaveLength(2);
      answers[1]?.reject(new Error('gone'));
      await vi.advanceTimersByTimeAsync(500);
      expect(warnings).toEqual(['token revocations could not be read']);
      expect(asked).toEqual([LIFE_S + 10, 11, 14]);
      answers[2]?.resolve([]);
      await vi.advanceTimersByTimeAsync(500);
      expect(asked.at(-1)).toBe(11);
      revocations.onApplicationShutdown();
    }));

  it('keep the shop closed while they cannot be read for the first time', async () => {
    const { revocations, answers } = readings();
    const opened = revocations.onModuleInit();
    answers[0]?.reject(new Error('gone'));
    await expect(opened).rejects.toThrow('gone');
  });
});
