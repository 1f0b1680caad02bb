import { Controller, Get, Header } from '@nestjs/common';
import { HOME_SCRIPT } from './home-script.js';
import { HOME_STYLES } from './home-styles.js';
import { STYLES } from './styles.js';

@Controller('assets')
export class AssetsController {
  @Get('sandbox.css')
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('cache-control', 'max-age=60')
  styles(): string {
    return STYLES + HOME_STYLES;
  }

  @Get('home.js')
  @Header('content-type', 'text/javascript; charset=utf-8')
  @Header('cache-control', 'max-age=60')
  homeScript(): string {
    return HOME_SCRIPT;
  }
}
