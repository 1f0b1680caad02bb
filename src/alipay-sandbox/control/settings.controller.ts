import {
  BadRequestException,
  Body,
  Controller,
  Get,
  HttpCode,
  Patch,
  Post,
  Put,
} from '@nestjs/common';
import { Faults } from '../gateway/faults.js';
import { RequestLog } from '../gateway/request-log.js';
import { Heartbeat } from '../notify/heartbeat.js';
import { NoticeDesk } from '../notify/notice-desk.js';
import { formatBeijing } from '../rules/beijing-time.js';
import { parseDuration } from '../rules/durations.js';
import { readPolicy } from '../rules/notify-policy.js';
import { Clock } from '../store/clock.js';
import { Store } from '../store/store.js';
import { AdvanceDto, ClockDto, SettingsDto } from './dto.js';
import { iso } from './views.js';

/** The clock, the switches, and starting over. */
@Controller('sandbox')
export class SettingsController {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly heartbeat: Heartbeat,
    private readonly desk: NoticeDesk,
    private readonly faults: Faults,
    private readonly log: RequestLog,
  ) {}

  @Get('clock')
  time(): object {
    const nowMs = this.clock.nowMs();
    const { clockOffsetMs } = this.store.settings;
    return { now: iso(nowMs), beijing: formatBeijing(nowMs), offset_ms: clockOffsetMs };
  }

  /** Moves the clock; expiries and redeliveries on the way happen before the answer. */
  @Post('clock/advance')
  @HttpCode(200)
  async advance(@Body() dto: AdvanceDto): Promise<object> {
    const byMs = parseDuration(dto.by);
    if (byMs === undefined) throw new BadRequestException('by must look like 90s, 4m, 26h or 90d');
    await this.heartbeat.advance(byMs);
    return this.time();
  }

  /** Sets the distance to real time, back too; what is due then happens at the next beat. */
  @Put('clock')
  async setClock(@Body() dto: ClockDto): Promise<object> {
    this.clock.setOffset(dto.offset_ms);
    await this.heartbeat.beat();
    return this.time();
  }

  @Get('settings')
  settings(): object {
    const { notifyMode, notifyPolicy } = this.store.settings;
    return { notify_mode: notifyMode, notify_policy: notifyPolicy };
  }

  @Patch('settings')
  change(@Body() dto: SettingsDto): object {
    const { notify_policy: wish, notify_mode: mode } = dto;
    if (wish !== undefined) {
      const notifyPolicy = readPolicy(wish);
      if (!notifyPolicy) throw new BadRequestException('notify_policy is none the sandbox knows');
      this.store.changeSettings({ notifyPolicy });
    }
    if (mode) this.desk.setMode(mode);
    return this.settings();
  }

  /** Forgets trades, pages, notifications, money, faults and the clock; the keys stay. */
  @Post('reset')
  @HttpCode(200)
  reset(): object {
    this.store.reset();
    this.faults.clear();
    this.log.clear();
    return { reset: true };
  }
}
