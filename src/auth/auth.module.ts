import { Global, Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { Config } from '../config/config.js';
import { JwtStrategy } from './jwt.strategy.js';
import { Revocations } from './revocations.js';
import { signingKey, Tokens } from './tokens.js';
import { VerifiedTokens } from './verified-tokens.js';

/** Verifying and issuing access tokens. */
@Global()
@Module({
  imports: [
    JwtModule.registerAsync({
      inject: [Config],
      useFactory: (config: Config) => ({ secret: signingKey(config) }),
    }),
  ],
  providers: [JwtStrategy, Revocations, Tokens, VerifiedTokens],
  exports: [Revocations, Tokens, VerifiedTokens],
})
export class AuthModule {}
