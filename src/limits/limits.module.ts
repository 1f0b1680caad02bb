import { Global, Module } from '@nestjs/common';
import { LimitsCleaner } from './limits-cleaner.js';
import { RateLimits } from './rate-limits.service.js';

/** How often a caller may do things. Routes say which rule is theirs with `@RateLimited`. */
@Global()
@Module({ providers: [RateLimits, LimitsCleaner], exports: [RateLimits] })
export class LimitsModule {}
