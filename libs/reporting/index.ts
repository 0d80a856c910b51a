export { readReportRequest, type ReportRequest } from './report-request';
export { BUILT_IN_REPORTERS } from './reporters';
export { ReportingModule } from './reporting.module';
export { ReportsService, type Report } from './reports.service';
