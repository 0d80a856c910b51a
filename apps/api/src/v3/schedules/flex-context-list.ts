import type { PipeTransform } from '@nestjs/common';
import { isMapping } from '../../http/schema/field';

const FIELD = 'flex-context';

/** Reads a list in place of the flex-context, with one flex-context per commodity, as the field `commodities`. */
export const COMMODITIES_FROM_LIST: PipeTransform<unknown, unknown> = {
  transform: (body) =>
    isMapping(body) && Array.isArray(body[FIELD])
      ? { ...body, [FIELD]: { commodities: body[FIELD] as unknown[] } }
      : body,
};
