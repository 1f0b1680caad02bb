import { Controller, Get, Header, Param, StreamableFile } from '@nestjs/common';
import { BillMethod } from './bill-method.js';

@Controller('bill')
export class BillController {
  constructor(private readonly bill: BillMethod) {}

  @Get(':token')
  @Header('content-disposition', 'attachment; filename="bill.zip"')
  download(@Param('token') token: string): StreamableFile {
    return new StreamableFile(this.bill.archive(token), { type: 'application/zip' });
  }
}
