export { AccountRemovalService } from './account-removal.service';
export { AdministrationModule } from './administration.module';
export { AssetCopies, type CopyTarget } from './asset-copies.service';
export { AssetRemovalService } from './asset-removal.service';
