import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { NoticeDesk, type Copies } from '../notify/notice-desk.js';
import { Store } from '../store/store.js';
import { FlushDto, HoldDto, ResendDto, TradeNameDto } from './dto.js';
import { noticeView } from './views.js';

/** Notifications: looking at them, holding, dropping and sending them, honestly or not. */
@Controller('sandbox/notifies')
export class NotifiesController {
  constructor(
    private readonly store: Store,
    private readonly desk: NoticeDesk,
  ) {}

  @Get()
  list(): object {
    return { notifies: [...this.store.notices.values()].map(noticeView) };
  }

  @Post('hold')
  @HttpCode(200)
  hold(@Body() dto: HoldDto): object {
    this.desk.setMode(dto.hold ? 'hold' : 'auto');
    return { notify_mode: this.store.settings.notifyMode };
  }

  /** Delivers what was not acknowledged yet, one after the other, and waits for the answers. */
  @Post('flush')
  @HttpCode(200)
  async flush(@Body() dto: FlushDto): Promise<object> {
    const delivered = await this.desk.flush(dto.order ?? 'asc', dto);
    return { notifies: delivered.map(noticeView) };
  }

  /** Loses what was not acknowledged yet, for good. */
  @Post('drop')
  @HttpCode(200)
  drop(@Body() dto: TradeNameDto): object {
    return { notifies: this.desk.drop(dto).map(noticeView) };
  }

  @Post('resend')
  @HttpCode(200)
  resend(@Body() dto: ResendDto): Promise<Copies> {
    return this.desk.resend(dto);
  }
}
