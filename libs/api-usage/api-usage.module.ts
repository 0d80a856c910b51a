import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApiUsageRepository } from './api-usage.repository';
import { ApiUsageService } from './api-usage.service';
import { ApiVersionUse } from './api-version-use.entity';

@Module({
  imports: [TypeOrmModule.forFeature([ApiVersionUse])],
  providers: [ApiUsageRepository, ApiUsageService],
  exports: [ApiUsageService],
})
export class ApiUsageModule {}
