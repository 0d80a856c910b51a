import { Global, Module } from '@nestjs/common';
import { OwnAddress } from './own-address';

/** The address of the server, which all that writes links needs. */
@Global()
@Module({ providers: [OwnAddress], exports: [OwnAddress] })
export class OwnAddressModule {}
