import { Controller, Get } from '@nestjs/common';
import { API_VERSION } from '../http/headers/api-versions';
import { ServerUrl } from '../http/headers/server-url';
import { Field, ListField } from '../http/schema/field';
import { choice, text } from '../http/schema/kinds';
import { Operation } from '../http/schema/operation';
import { readContract } from './contract-file';
import { servicesOf } from './services';

/** An operation of the API. */
export class Service {
  @Field(text())
  url!: string;

  @Field(text())
  name!: string;

  @Field(text())
  description!: string;
}

/** The operations of this version of the API. */
export class Services {
  @ListField(() => Service)
  services!: Service[];

  @Field(choice('3.0'))
  version!: string;

  @Field(text())
  message!: string;

  @Field(choice('PROCESSED'))
  status!: string;
}

/** Lists what this version of the API can do. */
@Controller(`api/${API_VERSION}`)
export class ServicesController {
  private listed: Services | undefined;

  constructor(private readonly server: ServerUrl) {}

  @Get()
  @Operation('listServices', { answer: Services, isPublic: true, usesDatabase: false })
  services(): Services {
    return (this.listed ??= {
      services: servicesOf(readContract(), this.server.origin, `/api/${API_VERSION}`),
      version: '3.0',
      message: 'Request has been processed.',
      status: 'PROCESSED',
    });
  }
}
