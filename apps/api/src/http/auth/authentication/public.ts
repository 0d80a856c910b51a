import { SetMetadata } from '@nestjs/common';

export const PUBLIC = 'public';
export const OPTIONAL_AUTH = 'visitors';

/** Marks a route that needs no authentication. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC, true);

/** Marks pages for users and for visitors without a user. These routes must check the CSRF tokens of their forms themselves. */
export const OptionalAuth = (): MethodDecorator & ClassDecorator => SetMetadata(OPTIONAL_AUTH, true);
