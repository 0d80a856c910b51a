import { SetMetadata } from '@nestjs/common';

export const PUBLIC = 'public';

/** Marks a route that needs no token. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC, true);
