export { AccountRemovalService } from './account-removal.service';
export { AdministrationModule } from './administration.module';
export { AssetRemovalService } from './asset-removal.service';
