import { Injectable, type PipeTransform } from '@nestjs/common';
import { ShopError } from '../common/errors.js';
import { bilingual } from '../common/language.js';
import { type Scene, SCENES } from './payment.service.js';

/** `?scene=`: a desktop page when nothing is said. Throws VALIDATION_FAILED for no scene of ours. */
@Injectable()
export class ScenePipe implements PipeTransform<unknown, Scene> {
  transform(value: unknown): Scene {
    if (value === undefined || value === '') {
      return 'page';
    }
    const scene = SCENES.find((known) => known === value);
    if (!scene) {
      const message = bilingual('支付场景有误', 'One of page, wap, app and qr');
      throw new ShopError('VALIDATION_FAILED', { fields: [{ field: 'scene', message }] });
    }
    return scene;
  }
}
