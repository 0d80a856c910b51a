import { SetMetadata } from '@nestjs/common';

export const PUBLIC = 'public';
export const VISITORS = 'visitors';

/** Marks a route that needs no token. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC, true);

/** Marks pages that everybody may see, and that look different to who is logged in. They check their own forms. */
export const OpenToVisitors = (): MethodDecorator & ClassDecorator => SetMetadata(VISITORS, true);
