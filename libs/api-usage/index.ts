export { ApiUsageModule } from './api-usage.module';
export { ApiUsageService } from './api-usage.service';
export { ApiVersionUse } from './api-version-use.entity';
