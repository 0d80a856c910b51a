export { BalanceModule } from './balance.module';
export { EnergyBalances, type Balance, type BalanceDay } from './energy-balance.service';
export { FLOWS, type Flow, type PartKind } from './model';
export { SitePartsService, type SitePart } from './site-parts.service';
