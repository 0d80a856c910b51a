import { Module } from '@nestjs/common';
import { AssetsModule } from '#lib/assets';
import { BeliefsModule } from '#lib/beliefs';
import { SensorsModule } from '#lib/sensors';
import { EnergyBalances } from './energy-balance.service';
import { SitePartsService } from './site-parts.service';
import { SitePricesService } from './site-prices.service';

@Module({
  imports: [AssetsModule, BeliefsModule, SensorsModule],
  providers: [EnergyBalances, SitePartsService, SitePricesService],
  exports: [EnergyBalances, SitePartsService],
})
export class BalanceModule {}
