export const SHOP_OPTIONS: readonly string[];
