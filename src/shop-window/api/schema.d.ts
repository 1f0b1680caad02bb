/* The types of the public API, made from its OpenAPI document by: npm run client */

export interface paths {
  '/addresses/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** My addresses, newest change first */
    get: operations['AddressesController_list'];
    put?: never;
    /** Add an address (at most 20) */
    post: operations['AddressesController_create'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/addresses/{id}/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /** Change an address; unknown members of the body are ignored */
    put: operations['AddressesController_replace'];
    post?: never;
    /** Delete an address */
    delete: operations['AddressesController_remove'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/addresses/{id}/status/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /** Make it my default address */
    put: operations['AddressesController_makeDefault'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/addresses/{id}/title/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /** Rename an address */
    put: operations['AddressesController_rename'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/alipay/quarantine/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Genuine messages about money that fit no order, newest first */
    get: operations['QuarantineController_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/alipay/quarantine/{id}/refund/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Give all the money of a mismatch back; its order, if unpaid, is canceled at once
     * @description Alipay is asked what it holds first. All messages about that order are resolved with the note when the money is back. Asking again changes nothing, and tries a refund that failed.
     */
    post: operations['QuarantineController_giveBack'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/alipay/quarantine/{id}/resolve/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Say what was found and done about one */
    post: operations['QuarantineController_resolve'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/orders/{id}/refunds/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The refunds of an order, oldest first */
    get: operations['AdminRefundsController_list'];
    put?: never;
    /** Give a part of the money back, and take goods back into stock */
    post: operations['AdminRefundsController_ask'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/orders/{id}/shipment/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Note that an order was handed to a carrier
     * @description The same shipment sent again answers the same and changes nothing.
     */
    post: operations['AdminOrdersController_ship'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/skus/{id}/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One SKU, on sale or not, with its stock */
    get: operations['AdminSkusController_find'];
    /** Change the price of a SKU, or whether it is on sale */
    put: operations['AdminSkusController_change'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/skus/{id}/restock/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Book units in, or out down to the stock there is */
    post: operations['AdminSkusController_restock'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/areas/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** All provinces */
    get: operations['AreasController_provinces'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/areas/{id}/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One area and what lies directly inside it */
    get: operations['AreasController_one'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/authorizations/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Log in; takes the anonymous cart over and clears its cookie */
    post: operations['AccountsController_login'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/browse_histories/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The SKUs I looked at last: newest first, each once, at most five */
    get: operations['BrowseHistoriesController_list'];
    put?: never;
    /** Note that I look at a SKU */
    post: operations['BrowseHistoriesController_add'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/cart/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The cart, by SKU id; lines whose SKU is not on sale are left out
     * @description With a token, the account's cart. Without one, the cart in the signed cookie
     *     `carts`, which logging in takes over. A token that never was ours (`JWT undefined`, a forged one)
     *     counts as none; one that was ours and has expired or died of a password change is answered 401.
     */
    get: operations['CartController_list'];
    /** Make it exactly so many of a SKU */
    put: operations['CartController_set'];
    /** Put more of a SKU into the cart; the stock must cover the total */
    post: operations['CartController_add'];
    /** Take a SKU out of the cart */
    delete: operations['CartController_remove'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/cart/selection/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /** Tick or untick every line that is on sale */
    put: operations['CartController_select'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/categories/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** All categories, as a tree of three levels */
    get: operations['CategoriesController_tree'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/categories/{id}/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The way down to a category of the third level */
    get: operations['CategoriesController_breadcrumb'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/categories/{id}/hotskus/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The two best sellers of a category of the third level
     * @description By the sales of at most five seconds ago; none that is off sale now.
     */
    get: operations['CategoriesController_hotSkus'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/categories/{id}/skus/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The SKUs on sale in a category of the third level
     * @description By sales, which SKUs are listed, their order and `count` are those of at most five seconds ago; one taken off sale since is left out of its page.
     */
    get: operations['CategoriesController_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/email/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Set my e-mail address and have a verification link sent to it
     * @description At most five mails an hour. In development, the log has the mail.
     */
    put: operations['EmailController_change'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/emails/verification/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Verify the address that a link was mailed to */
    get: operations['EmailVerificationController_verify'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health/live/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The process runs */
    get: operations['HealthController_live'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health/ready/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The shop can serve: the database answers and no shutdown has begun */
    get: operations['HealthController_ready'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/image_codes/{id}/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A captcha image under an id of your choice
     * @description Good for five minutes and one try. In development, the log tells its text.
     */
    get: operations['ImageCodesController_image'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/metrics/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Counters in Prometheus’ text format */
    get: operations['MetricsController_metrics'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/mobiles/{mobile}/count/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Is this mobile number taken? */
    get: operations['AccountsController_mobileCount'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/orders/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The buyer’s orders, newest first */
    get: operations['OrdersController_list'];
    put?: never;
    /** Turn the selected cart lines into an order */
    post: operations['OrdersController_create'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/orders/{id}/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One order with its lines, address, payment, refunds and history */
    get: operations['OrdersController_detail'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/orders/{id}/cancel/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Cancel an unpaid order; its goods go back */
    post: operations['PaymentController_cancel'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/orders/{id}/comments/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Comment on one product of a received order, once */
    post: operations['FulfilmentController_comment'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/orders/{id}/payment/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What the buyer needs to pay the order with Alipay */
    get: operations['PaymentController_wayToPay'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/orders/{id}/payment/status/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Whether the order is paid; asks Alipay while the shop does not know */
    get: operations['PaymentController_status'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/orders/{id}/receipt/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Confirm that the goods of a sent order have arrived */
    post: operations['FulfilmentController_receive'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/orders/{id}/refunds/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The refunds of an order, oldest first */
    get: operations['RefundsController_list'];
    put?: never;
    /** Give a paid order back before it is sent: it is canceled, all the money goes back */
    post: operations['RefundsController_ask'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/orders/{id}/uncommentgoods/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The lines of a received order that can still be commented on */
    get: operations['FulfilmentController_uncommented'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/orders/settlement/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What an order of the selected cart lines would be */
    get: operations['OrdersController_settlement'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/payment/alipay/notify/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Notify of Alipay: answers the bytes `success` or `fail` */
    post: operations['AlipayController_notify'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/payment/status/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Confirm a payment by the parameters Alipay appended to the return URL
     * @description They are no proof by themselves: when genuine, Alipay is asked.
     */
    put: operations['AlipayController_confirm'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/pictures/{file}/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The picture of a product of the demo catalogue */
    get: operations['PicturesController_picture'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/skus/{id}/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One SKU on sale, with its stock, caption, category and SPU */
    get: operations['SkusController_detail'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/skus/{id}/comments/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What buyers say of a SKU on sale: the newest 30 comments */
    get: operations['SkusController_commentsOf'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/skus/search/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The SKUs on sale that have every word of a text */
    get: operations['SkusController_search'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/sms_codes/{mobile}/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Send an SMS code for registering
     * @description Six digits, good for five minutes; one a minute, ten a day. In development, see the log.
     */
    get: operations['AccountsController_sendSmsCode'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/user/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Who am I? */
    get: operations['ProfileController_profile'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/usernames/{username}/count/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Is this user name taken? */
    get: operations['AccountsController_usernameCount'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/users/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Register; takes the anonymous cart over */
    post: operations['AccountsController_register'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/users/{id}/password/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /** Change my password; all tokens made before stop working */
    put: operations['ProfileController_changePassword'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    AddressDto: {
      /** @example 北京市 */
      city: string;
      /** @example 110100 */
      city_id: number;
      /** @example 海淀区 */
      district: string;
      /** @example 110108 */
      district_id: number;
      /** @example  */
      email: string;
      /** @example 1 */
      id: number;
      /** @example 13800138000 */
      mobile: string;
      /** @example 中关村大街 1 号 */
      place: string;
      /** @example 北京市 */
      province: string;
      /** @example 110000 */
      province_id: number;
      /** @example 美多 */
      receiver: string;
      /** @example  */
      tel: string;
      /** @example 家 */
      title: string;
    };
    AddressFormDto: {
      /**
       * @description A city of that province.
       * @example 110100
       */
      city_id: number;
      /**
       * @description A district of that city.
       * @example 110108
       */
      district_id: number;
      /**
       * Format: email
       * @description May be empty.
       * @example buyer@example.com
       */
      email?: string | null;
      /** @example 13800138000 */
      mobile: string;
      /** @example 中关村大街 1 号 */
      place: string;
      /**
       * @description From GET /areas/; a number or a numeric string, as the other two.
       * @example 110000
       */
      province_id: number;
      /** @example 美多 */
      receiver: string;
      /**
       * @description A landline; may be empty.
       * @example 010-12345678
       */
      tel?: string | null;
      /**
       * @description The buyer's name for it; a new address without one is named after the receiver.
       * @example 家
       */
      title?: string;
    };
    AddressListDto: {
      /** @description Newest change first. */
      addresses: components['schemas']['AddressDto'][];
      /** @example 1 */
      default_address_id: number | null;
      /**
       * @description How many addresses a buyer may keep.
       * @example 20
       */
      limit: number;
      /** @example 1 */
      user_id: number;
    };
    AddressTitleDto: {
      /** @example 公司 */
      title: string;
    };
    AdminSkuDto: {
      /** @example 0 */
      comments: number;
      /** @example 3 */
      id: number;
      /** @example true */
      is_launched: boolean;
      /** @example Apple iPhone 8 Plus (A1864) 64GB 金色 移动联通电信4G手机 */
      name: string;
      /** @example 6499.00 */
      price: string;
      /**
       * @description Sum of all restocks: what the SKU began with and this are always stock plus sales.
       * @example 0
       */
      restocked: number;
      /**
       * @description Units that live orders hold.
       * @example 0
       */
      sales: number;
      /** @example 1000 */
      stock: number;
    };
    AreaDto: {
      /**
       * @description Six-digit code of GB/T 2260.
       * @example 110000
       */
      id: number;
      /** @example 北京市 */
      name: string;
    };
    AreaWithSubsDto: {
      /**
       * @description Six-digit code of GB/T 2260.
       * @example 110000
       */
      id: number;
      /** @example 北京市 */
      name: string;
      subs: components['schemas']['SubAreaDto'][];
    };
    BreadcrumbDto: {
      cat1: components['schemas']['ChannelDto'];
      /**
       * @example {
       *       "id": 38,
       *       "name": "手机通讯"
       *     }
       */
      cat2: components['schemas']['CategoryDto'];
      /**
       * @example {
       *       "id": 115,
       *       "name": "手机"
       *     }
       */
      cat3: components['schemas']['CategoryDto'];
    };
    BrowsedDto: {
      /**
       * @description A number or a numeric string.
       * @example 3
       */
      sku_id: number;
    };
    CanceledDto: {
      /** @example 2611222150361230042 */
      order_id: string;
      /** @example 6 */
      status: number;
    };
    CartLineDto: {
      /** @example 1 */
      count: number;
      /** @example http://localhost:3000/pictures/3.svg */
      default_image_url: string;
      /**
       * @description The SKU's id.
       * @example 3
       */
      id: number;
      /** @example Apple iPhone 8 Plus (A1864) 64GB 金色 移动联通电信4G手机 */
      name: string;
      /**
       * @description Yuan with two decimals, for one piece.
       * @example 6499.00
       */
      price: string;
      /** @example true */
      selected: boolean;
    };
    CartLineRequestDto: {
      /**
       * @description A number or a numeric string.
       * @example 1
       */
      count: number;
      /**
       * @description Whether the line is part of the next order; true when left out.
       * @default true
       * @example true
       */
      selected?: boolean;
      /**
       * @description A number or a numeric string.
       * @example 3
       */
      sku_id: number;
    };
    CartLineSavedDto: {
      /** @example 1 */
      count: number;
      /** @example true */
      selected: boolean;
      /** @example 3 */
      sku_id: number;
    };
    CartRemovalDto: {
      /**
       * @description A number or a numeric string.
       * @example 3
       */
      sku_id: number;
    };
    CartSelectionDto: {
      /** @example true */
      selected: boolean;
    };
    CartSelectionSavedDto: {
      /** @example OK */
      message: string;
    };
    CategoryDto: {
      /** @example 115 */
      id: number;
      /** @example 手机 */
      name: string;
    };
    CategoryTreeDto: {
      /** @example 1 */
      id: number;
      /** @example 手机 */
      name: string;
      subs: components['schemas']['SubcategoryDto'][];
    };
    ChangeEmailDto: {
      /**
       * Format: email
       * @example buyer@example.com
       */
      email: string;
    };
    ChangePasswordDto: {
      /** @example demo-pass-2026 */
      old_password: string;
      /**
       * @description 8 to 20 characters.
       * @example demo-pass-2026
       */
      password: string;
      /**
       * @description The new password once more.
       * @example demo-pass-2026
       */
      password2: string;
    };
    ChangeSkuDto: {
      /**
       * @description False takes the SKU off sale.
       * @example true
       */
      is_launched?: boolean;
      /**
       * @description Yuan with at most two decimals, more than 0. Orders that exist keep their price.
       * @example 6499.00
       */
      price?: string;
    };
    ChannelDto: {
      /**
       * @example {
       *       "id": 1,
       *       "name": "手机"
       *     }
       */
      category: components['schemas']['CategoryDto'];
      /**
       * @description Where the shop's pages show this channel, relative to the shop's own origin.
       * @example /list.html?cat=115
       */
      url: string;
    };
    CommentCreatedDto: {
      /** @example 音质很好，物流也快 */
      comment: string;
      /** @example false */
      is_anonymous: boolean;
      /** @example 5 */
      score: number;
      /** @example 3 */
      sku: number;
    };
    CommentDto: {
      /** @example 音质很好，物流也快 */
      comment: string;
      /**
       * @description 0 to 5.
       * @example 5
       */
      score: number;
      /**
       * @description First and last character of the name; nothing of it when the buyer wished so.
       * @example p***n
       */
      username: string;
    };
    CreateAddressDto: {
      /**
       * @description A city of that province.
       * @example 110100
       */
      city_id: number;
      /**
       * @description A district of that city.
       * @example 110108
       */
      district_id: number;
      /**
       * Format: email
       * @description May be empty.
       * @example buyer@example.com
       */
      email?: string | null;
      /** @example 13800138000 */
      mobile: string;
      /** @example 中关村大街 1 号 */
      place: string;
      /**
       * @description From GET /areas/; a number or a numeric string, as the other two.
       * @example 110000
       */
      province_id: number;
      /** @example 美多 */
      receiver: string;
      /**
       * @description A landline; may be empty.
       * @example 010-12345678
       */
      tel?: string | null;
      /**
       * @description The buyer's name for it; a new address without one is named after the receiver.
       * @example 家
       */
      title?: string;
    };
    CreateCommentDto: {
      /**
       * @description 1 to 500 characters.
       * @example 音质很好，物流也快
       */
      comment: string;
      /**
       * @description True: nothing of the buyer's name is shown beside the comment.
       * @default false
       * @example false
       */
      is_anonymous?: boolean;
      /**
       * @description The order id of the path once more, as the original pages send it.
       * @example 2611222150361230042
       */
      order?: string;
      /**
       * @description 0 (bad) to 5 (good).
       * @example 5
       */
      score: number;
      /**
       * @description A product of the order.
       * @example 3
       */
      sku: number;
    };
    CreateOrderDto: {
      /**
       * @description One of the buyer's addresses.
       * @example 1
       */
      address: number;
      /**
       * @description What the buyer saw at the settlement, freight included; other prices refuse the order.
       * @example 6509.00
       */
      expected_amount?: string;
      /**
       * @description 1 cash on delivery, 2 Alipay; a number or a numeric string.
       * @example 2
       * @enum {number}
       */
      pay_method: 1 | 2;
    };
    EmailChangedDto: {
      /** @example buyer@example.com */
      email: string;
      /**
       * @description The user's id.
       * @example 1
       */
      id: number;
    };
    HealthDto: {
      /** @example ok */
      status: string;
    };
    LoggedInDto: {
      /**
       * @description Access token: send it as `Authorization: Bearer …` (or `JWT …`).
       * @example eyJhbGciOiJIUzI1NiJ9.e30.signature
       */
      token: string;
      /** @example 1 */
      user_id: number;
      /** @example demo_buyer */
      username: string;
    };
    LoginDto: {
      /** @example demo-pass-2026 */
      password: string;
      /**
       * @description User name or mobile number.
       * @example demo_buyer
       */
      username: string;
    };
    MessageDto: {
      /** @example OK */
      message: string;
    };
    MobileCountDto: {
      /**
       * @description 1 when the number is taken, else 0.
       * @example 1
       */
      count: number;
      /** @example 13800138000 */
      mobile: string;
    };
    OrderAddressDto: {
      /** @example 北京市 */
      city: string;
      /** @example 海淀区 */
      district: string;
      /** @example 13800138000 */
      mobile: string;
      /** @example 中关村大街 1 号 */
      place: string;
      /** @example 北京市 */
      province: string;
      /** @example 美多 */
      receiver: string;
      /** @example  */
      tel: string;
    };
    OrderCreatedDto: {
      /**
       * @description A string of digits: larger than 2^53.
       * @example 2611222150361230042
       */
      order_id: string;
    };
    OrderDetailDto: {
      address: components['schemas']['OrderAddressDto'];
      /**
       * @description Beijing time.
       * @example 2026-11-22 21:50:36
       */
      create_time: string;
      /**
       * @description Beijing time after which an unpaid order is canceled; null for cash on delivery.
       * @example 2026-11-22 22:20:36
       */
      expire_time: string | null;
      /** @example 10.00 */
      freight: string;
      history: components['schemas']['OrderEventDto'][];
      /** @example 2611222150361230042 */
      order_id: string;
      /**
       * @description 1 cash on delivery, 2 Alipay.
       * @example 2
       * @enum {number}
       */
      pay_method: 1 | 2;
      payment: components['schemas']['OrderPaymentDto'] | null;
      refunds: components['schemas']['OrderRefundDto'][];
      /** @description Null until the order is sent. */
      shipment: components['schemas']['OrderShipmentDto'] | null;
      skus: components['schemas']['OrderLineDto'][];
      /**
       * @description 1 unpaid, 2 to be sent, 3 sent, 4 received, 5 done, 6 canceled.
       * @example 1
       * @enum {number}
       */
      status: 1 | 2 | 3 | 4 | 5 | 6;
      /**
       * @description Freight included.
       * @example 6509.00
       */
      total_amount: string;
      /** @example 1 */
      total_count: number;
    };
    OrderDto: {
      /**
       * @description Beijing time.
       * @example 2026-11-22 21:50:36
       */
      create_time: string;
      /** @example 10.00 */
      freight: string;
      /** @example 2611222150361230042 */
      order_id: string;
      /**
       * @description 1 cash on delivery, 2 Alipay.
       * @example 2
       * @enum {number}
       */
      pay_method: 1 | 2;
      skus: components['schemas']['OrderLineDto'][];
      /**
       * @description 1 unpaid, 2 to be sent, 3 sent, 4 received, 5 done, 6 canceled.
       * @example 1
       * @enum {number}
       */
      status: 1 | 2 | 3 | 4 | 5 | 6;
      /**
       * @description Freight included.
       * @example 6509.00
       */
      total_amount: string;
    };
    OrderedSkuDto: {
      /** @example http://localhost:3000/pictures/3.svg */
      default_image_url: string;
      /** @example 3 */
      id: number;
      /** @example Apple iPhone 8 Plus (A1864) 64GB 金色 移动联通电信4G手机 */
      name: string;
    };
    OrderEventDto: {
      /** @example buyer */
      actor: string;
      /**
       * @example null
       * @enum {number|null}
       */
      from_status: 1 | 2 | 3 | 4 | 5 | 6 | null;
      /** @example 2026-11-22 21:50:36 */
      time: string;
      /**
       * @example 1
       * @enum {number}
       */
      to_status: 1 | 2 | 3 | 4 | 5 | 6;
      /** @example placed */
      type: string;
    };
    OrderLineDto: {
      /** @example 1 */
      count: number;
      /** @example 1 */
      id: number;
      /** @example 6499.00 */
      price: string;
      sku: components['schemas']['OrderedSkuDto'];
    };
    OrderPageDto: {
      /** @example 1 */
      count: number;
      /** @example null */
      next: string | null;
      /** @example null */
      previous: string | null;
      results: components['schemas']['OrderDto'][];
    };
    OrderPaymentDto: {
      /** @example 6509.00 */
      amount: string;
      /** @example 2026-11-22 21:52:01 */
      paid_time: string | null;
      /** @example 0.00 */
      refunded: string;
      /**
       * @description pending, success or closed.
       * @example success
       * @enum {string}
       */
      status: 'pending' | 'success' | 'closed';
      /**
       * @description Alipay's number of the trade, once paid.
       * @example 2026112222001400000000000001
       */
      trade_id: string | null;
    };
    OrderRefundDto: {
      /** @example 6509.00 */
      amount: string;
      /** @example 2026-11-22 21:55:00 */
      create_time: string;
      /** @example 2611222150361230042-1 */
      refund_id: string;
      /**
       * @description asked, done or failed.
       * @example done
       * @enum {string}
       */
      status: 'asked' | 'done' | 'failed';
    };
    OrderShipmentDto: {
      /** @example 顺丰速运 */
      carrier: string;
      /**
       * @description When the buyer had it, or was taken to have it; null before.
       * @example null
       */
      receive_time: string | null;
      /** @example 2026-11-23 09:00:00 */
      ship_time: string;
      /** @example SF1234567890123 */
      tracking_number: string;
    };
    PartialRefundDto: {
      /**
       * @description Yuan; together with what was asked for before never more than was paid.
       * @example 100.00
       */
      amount: string;
      /** @example 外包装破损 */
      reason: string;
      /**
       * @description Goods that came back and are in stock again.
       * @example []
       */
      returns?: components['schemas']['ReturnedGoodsDto'][];
    };
    PasswordChangedDto: {
      /** @example 1 */
      id: number;
    };
    PaymentStatusDto: {
      /** @example 2611222150361230042 */
      order_id: string;
      /** @example true */
      paid: boolean;
      /**
       * @example 2
       * @enum {number}
       */
      status: 1 | 2 | 3 | 4 | 5 | 6;
      /** @example 2026112222001400000000000001 */
      trade_id: string | null;
    };
    Problem: {
      /**
       * @example STOCK_INSUFFICIENT
       * @enum {string}
       */
      code:
        | 'VALIDATION_FAILED'
        | 'MALFORMED_JSON'
        | 'BAD_REQUEST'
        | 'NOT_AUTHENTICATED'
        | 'PERMISSION_DENIED'
        | 'NOT_FOUND'
        | 'METHOD_NOT_ALLOWED'
        | 'PAYLOAD_TOO_LARGE'
        | 'UNSUPPORTED_MEDIA_TYPE'
        | 'TOO_MANY_REQUESTS'
        | 'LOGIN_FAILED'
        | 'USERNAME_TAKEN'
        | 'MOBILE_TAKEN'
        | 'PASSWORD_UNCHANGED'
        | 'PASSWORDS_DIFFER'
        | 'AGREEMENT_REQUIRED'
        | 'IMAGE_CODE_WRONG'
        | 'IMAGE_CODE_INVALID'
        | 'SMS_CODE_INVALID'
        | 'SMS_TOO_FREQUENT'
        | 'SMS_UNAVAILABLE'
        | 'EMAIL_LINK_INVALID'
        | 'MAIL_UNAVAILABLE'
        | 'OLD_PASSWORD_WRONG'
        | 'ADDRESS_LIMIT'
        | 'AREA_INVALID'
        | 'SKU_NOT_FOUND'
        | 'CART_CHANGED'
        | 'ORDER_FAILED'
        | 'STOCK_INSUFFICIENT'
        | 'CART_STOCK_INSUFFICIENT'
        | 'CART_COUNT_LIMIT'
        | 'CART_LIMIT'
        | 'ADDRESS_NOT_FOUND'
        | 'CART_EMPTY'
        | 'SKU_UNAVAILABLE'
        | 'PRICE_CHANGED'
        | 'AMOUNT_TOO_LARGE'
        | 'IDEMPOTENCY_KEY_REUSED'
        | 'ORDER_NOT_CANCELABLE'
        | 'ORDER_NOT_SHIPPABLE'
        | 'ORDER_NOT_SHIPPED'
        | 'ORDER_NOT_RECEIVED'
        | 'ORDER_LINE_NOT_FOUND'
        | 'ALREADY_COMMENTED'
        | 'ORDER_NOT_PAYABLE'
        | 'PAYMENT_BEGUN'
        | 'PAYMENT_PROOF_INVALID'
        | 'PAYMENT_PENDING'
        | 'PAYMENT_RETURNED'
        | 'GATEWAY_UNAVAILABLE'
        | 'ORDER_NOT_REFUNDABLE'
        | 'REFUND_TOO_LARGE'
        | 'RETURN_TOO_LARGE'
        | 'MONEY_NOT_RETURNABLE'
        | 'QUARANTINE_RESOLVED'
        | 'BUSY'
        | 'UNAVAILABLE'
        | 'INTERNAL';
      /** @example 商品库存不足 */
      detail: string;
      errors?: {
        field?: string;
        message?: string;
      }[];
      /** @description The same text, for the original pages */
      message?: string;
      non_field_errors?: string[];
      request_id: string;
      /** @example 409 */
      status: number;
      /** @example 商品库存不足 */
      title: string;
      /** @example urn:meiduo:problem:stock-insufficient */
      type: string;
    } & {
      [key: string]: unknown;
    };
    ProfileDto: {
      /**
       * @description Empty when none was given.
       * @example
       */
      email: string;
      /**
       * @description True once the link in the mail was followed.
       * @example false
       */
      email_active: boolean;
      /** @example 1 */
      id: number;
      /** @example 13800138000 */
      mobile: string;
      /** @example demo_buyer */
      username: string;
    };
    QuarantinedDto: {
      /** @example 7 */
      id: number;
      /** @example null */
      note: string | null;
      /** @example 2611222150361230042 */
      out_trade_no: string | null;
      /**
       * @description Everything Alipay said, as it was received.
       * @example {
       *       "total_amount": "0.01",
       *       "trade_status": "TRADE_SUCCESS"
       *     }
       */
      params: {
        [key: string]: unknown;
      };
      /**
       * @description Beijing time.
       * @example 2026-11-22 21:52:01
       */
      receive_time: string;
      /**
       * @description How the refund of the money stands, once it was decided; null before.
       * @example null
       * @enum {string|null}
       */
      refund_status: 'asked' | 'done' | 'failed' | null;
      /** @example null */
      resolve_time: string | null;
      /** @example null */
      resolved_by: number | null;
      /**
       * @description How the shop heard of it.
       * @example notify
       * @enum {string}
       */
      source: 'notify' | 'query';
      /**
       * @description mismatch, second_trade or unknown_order.
       * @example mismatch
       * @enum {string}
       */
      verdict: 'mismatch' | 'second_trade' | 'unknown_order';
    };
    QuarantinePageDto: {
      /** @example 1 */
      count: number;
      /** @example null */
      next: string | null;
      /** @example null */
      previous: string | null;
      results: components['schemas']['QuarantinedDto'][];
    };
    ReadyDto: {
      /**
       * @example [
       *       "I03"
       *     ]
       */
      broken_rules?: string[];
      /**
       * @example [
       *       "database_read_only"
       *     ]
       */
      reasons?: ('database_read_only' | 'queue_unavailable' | 'order_connections_unavailable')[];
      /**
       * @example ok
       * @enum {string}
       */
      status: 'ok' | 'degraded';
    };
    ReceivedDto: {
      /** @example 2611222150361230042 */
      order_id: string;
      /**
       * @description 4 received, or 5 when everything was commented on already.
       * @example 4
       * @enum {number}
       */
      status: 4 | 5;
    };
    RefundDto: {
      /** @example 6509.00 */
      amount: string;
      /**
       * @description Beijing time.
       * @example 2026-11-22 21:55:00
       */
      create_time: string;
      /** @example 2026-11-22 21:55:01 */
      finish_time: string | null;
      /** @example 2611222150361230042 */
      order_id: string;
      /** @example 不想要了 */
      reason: string;
      /**
       * @description The number Alipay knows the refund by.
       * @example 2611222150361230042-1
       */
      refund_id: string;
      /** @example [] */
      returns: components['schemas']['ReturnedGoodsDto'][];
      /**
       * @description asked (the money is on its way), done or failed.
       * @example done
       * @enum {string}
       */
      status: 'asked' | 'done' | 'failed';
    };
    RegisterDto: {
      /**
       * @description The string `true`: the terms are accepted.
       * @example true
       * @enum {string}
       */
      allow: 'true';
      /**
       * @description The number the SMS code was sent to.
       * @example 13700137000
       */
      mobile: string;
      /**
       * @description 8 to 20 characters.
       * @example new-pass-2026
       */
      password: string;
      /**
       * @description The password once more.
       * @example new-pass-2026
       */
      password2: string;
      /**
       * @description The six digits of GET /sms_codes/{mobile}/.
       * @example 123456
       */
      sms_code: string;
      /**
       * @description 5 to 20 letters, digits or underscores; not a mobile number.
       * @example new_buyer
       */
      username: string;
    };
    RegisteredDto: {
      /** @example 3 */
      id: number;
      /** @example 13700137000 */
      mobile: string;
      /**
       * @description Access token: send it as `Authorization: Bearer …` (or `JWT …`).
       * @example eyJhbGciOiJIUzI1NiJ9.e30.signature
       */
      token: string;
      /** @example new_buyer */
      username: string;
    };
    ResolveDto: {
      /**
       * @description What was found and done about it.
       * @example 已人工核对，属于旧系统的订单
       */
      note: string;
    };
    RestockDto: {
      /** @example 100 */
      delta: number;
      /**
       * @description Why, for the books: 1 to 200 characters.
       * @example 采购入库
       */
      reason: string;
    };
    RestockedDto: {
      /** @example 100 */
      delta: number;
      /**
       * @description Number of the adjustment in the books.
       * @example 1
       */
      id: number;
      /** @example 采购入库 */
      reason: string;
      /** @example 3 */
      sku_id: number;
      /**
       * @description Stock right after this restock.
       * @example 1100
       */
      stock: number;
    };
    ReturnedGoodsDto: {
      /** @example 1 */
      count: number;
      /** @example 3 */
      sku_id: number;
    };
    SearchHitDto: {
      object: components['schemas']['SkuDto'];
      /**
       * @description What was searched through: name and caption.
       * @example Apple iPhone 8 Plus (A1864) 64GB 金色 移动联通电信4G手机
       */
      text: string;
    };
    SearchPageDto: {
      /** @example 14 */
      count: number;
      /** @example http://localhost:3000/categories/115/skus/?page=2&page_size=2 */
      next: string | null;
      /** @example null */
      previous: string | null;
      results: components['schemas']['SearchHitDto'][];
    };
    SettlementDto: {
      /** @example 10.00 */
      freight: string;
      skus: components['schemas']['SettlementSkuDto'][];
    };
    SettlementSkuDto: {
      /** @example 1 */
      count: number;
      /** @example http://localhost:3000/pictures/3.svg */
      default_image_url: string;
      /** @example 3 */
      id: number;
      /** @example Apple iPhone 8 Plus (A1864) 64GB 金色 移动联通电信4G手机 */
      name: string;
      /** @example 6499.00 */
      price: string;
    };
    ShipOrderDto: {
      /**
       * @description Who carries the parcel: 1 to 40 characters.
       * @example 顺丰速运
       */
      carrier: string;
      /**
       * @description The carrier's number of the parcel: 1 to 64 letters, digits or hyphens.
       * @example SF1234567890123
       */
      tracking_number: string;
    };
    ShippedDto: {
      /** @example 顺丰速运 */
      carrier: string;
      /** @example 2611222150361230042 */
      order_id: string;
      /**
       * @example 3
       * @enum {number}
       */
      status: 1 | 2 | 3 | 4 | 5 | 6;
      /** @example SF1234567890123 */
      tracking_number: string;
    };
    SkuDetailDto: {
      /** @example 5.5 英寸屏幕，后置双摄，支持无线充电 */
      caption: string;
      category: components['schemas']['CategoryDto'];
      /**
       * @description How many comments buyers have written.
       * @example 0
       */
      comments: number;
      /** @example http://localhost:3000/pictures/3.svg */
      default_image_url: string;
      /** @example 3 */
      id: number;
      /** @example Apple iPhone 8 Plus (A1864) 64GB 金色 移动联通电信4G手机 */
      name: string;
      /**
       * @description Yuan with two decimals.
       * @example 6499.00
       */
      price: string;
      spu: components['schemas']['SpuDto'];
      /**
       * @description How many can be bought right now.
       * @example 1000
       */
      stock: number;
    };
    SkuDto: {
      /**
       * @description How many comments buyers have written.
       * @example 0
       */
      comments: number;
      /** @example http://localhost:3000/pictures/3.svg */
      default_image_url: string;
      /** @example 3 */
      id: number;
      /** @example Apple iPhone 8 Plus (A1864) 64GB 金色 移动联通电信4G手机 */
      name: string;
      /**
       * @description Yuan with two decimals.
       * @example 6499.00
       */
      price: string;
    };
    SkuPageDto: {
      /** @example 14 */
      count: number;
      /** @example http://localhost:3000/categories/115/skus/?page=2&page_size=2 */
      next: string | null;
      /** @example null */
      previous: string | null;
      results: components['schemas']['SkuDto'][];
    };
    SpuDto: {
      /** @example 2 */
      id: number;
      /** @example Apple iPhone 8 Plus */
      name: string;
    };
    SubAreaDto: {
      /** @example 110100 */
      id: number;
      /** @example 北京市 */
      name: string;
    };
    SubcategoryDto: {
      /** @example 38 */
      id: number;
      /** @example 手机通讯 */
      name: string;
      /**
       * @example [
       *       {
       *         "id": 115,
       *         "name": "手机"
       *       }
       *     ]
       */
      subs: components['schemas']['CategoryDto'][];
    };
    TradeDto: {
      /**
       * @description Alipay's number of the trade.
       * @example 2026112222001400000000000001
       */
      trade_id: string;
    };
    UsernameCountDto: {
      /**
       * @description 1 when the name is taken, else 0.
       * @example 1
       */
      count: number;
      /** @example demo_buyer */
      username: string;
    };
    WayToPayDto: {
      /**
       * @description page, wap: send the browser there as it is; any change of it breaks the signature.
       * @example http://localhost:3001/gateway.do?method=alipay.trade.page.pay&…
       */
      alipay_url?: string;
      /**
       * @description app: hand it to the Alipay SDK of the app as it is.
       * @example app_id=9021000000000001&method=alipay.trade.app.pay&…
       */
      order_string?: string;
      /**
       * @description qr: show it as a QR code.
       * @example http://localhost:3001/qr/0123456789abcdef
       */
      qr_code?: string;
    };
    WholeRefundDto: {
      /**
       * @description Why the buyer wants the money back.
       * @example 不想要了
       */
      reason?: string;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  AddressesController_list: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AddressListDto'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  AddressesController_create: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateAddressDto'];
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AddressDto'];
        };
      };
      /** @description `VALIDATION_FAILED` The request is not valid; `AREA_INVALID` Province, city and district do not fit together; `ADDRESS_LIMIT` No more addresses can be saved; `BAD_REQUEST` The request is not valid; `MALFORMED_JSON` The body is not valid JSON, is nested too deep, or has half a character or a member like __proto__ */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE` The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNSUPPORTED_MEDIA_TYPE` This content type is not supported */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now; `BUSY` The shop is busy, try again shortly */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  AddressesController_replace: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['AddressFormDto'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AddressDto'];
        };
      };
      /** @description `VALIDATION_FAILED` The request is not valid; `AREA_INVALID` Province, city and district do not fit together; `BAD_REQUEST` The request is not valid; `MALFORMED_JSON` The body is not valid JSON, is nested too deep, or has half a character or a member like __proto__ */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE` The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNSUPPORTED_MEDIA_TYPE` This content type is not supported */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now; `BUSY` The shop is busy, try again shortly */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  AddressesController_remove: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Gone */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now; `BUSY` The shop is busy, try again shortly */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  AddressesController_makeDefault: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MessageDto'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now; `BUSY` The shop is busy, try again shortly */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  AddressesController_rename: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['AddressTitleDto'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AddressTitleDto'];
        };
      };
      /** @description `VALIDATION_FAILED` The request is not valid; `BAD_REQUEST` The request is not valid; `MALFORMED_JSON` The body is not valid JSON, is nested too deep, or has half a character or a member like __proto__ */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE` The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNSUPPORTED_MEDIA_TYPE` This content type is not supported */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now; `BUSY` The shop is busy, try again shortly */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  QuarantineController_list: {
    parameters: {
      query?: {
        page?: string;
        page_size?: string;
        state?: 'open' | 'resolved' | 'all';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['QuarantinePageDto'];
        };
      };
      /** @description `VALIDATION_FAILED` The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PERMISSION_DENIED` You may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  QuarantineController_giveBack: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ResolveDto'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RefundDto'];
        };
      };
      /** @description `VALIDATION_FAILED` The request is not valid; `BAD_REQUEST` The request is not valid; `MALFORMED_JSON` The body is not valid JSON, is nested too deep, or has half a character or a member like __proto__ */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PERMISSION_DENIED` You may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `MONEY_NOT_RETURNABLE` Alipay holds no money for this order that does not fit and could go back */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE` The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNSUPPORTED_MEDIA_TYPE` This content type is not supported */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `GATEWAY_UNAVAILABLE` The payment gateway is not available; `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  QuarantineController_resolve: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ResolveDto'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['QuarantinedDto'];
        };
      };
      /** @description `VALIDATION_FAILED` The request is not valid; `BAD_REQUEST` The request is not valid; `MALFORMED_JSON` The body is not valid JSON, is nested too deep, or has half a character or a member like __proto__ */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PERMISSION_DENIED` You may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `QUARANTINE_RESOLVED` This notify has been dealt with already */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE` The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNSUPPORTED_MEDIA_TYPE` This content type is not supported */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  AdminRefundsController_list: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RefundDto'][];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PERMISSION_DENIED` You may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  AdminRefundsController_ask: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and body answer the same refund, however often they are sent */
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PartialRefundDto'];
      };
    };
    responses: {
      /** @description Written down; `asked` becomes `done` when Alipay has moved the money */
      201: {
        headers: {
          /** @description `true` when an earlier request has asked for this refund */
          'Idempotent-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RefundDto'];
        };
      };
      /** @description `VALIDATION_FAILED` The request is not valid; `BAD_REQUEST` The request is not valid; `MALFORMED_JSON` The body is not valid JSON, is nested too deep, or has half a character or a member like __proto__ */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PERMISSION_DENIED` You may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `ORDER_NOT_REFUNDABLE` The order cannot be refunded; `REFUND_TOO_LARGE` More than what is left of the payment; `RETURN_TOO_LARGE` More goods than the order still holds */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE` The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNSUPPORTED_MEDIA_TYPE` This content type is not supported */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `IDEMPOTENCY_KEY_REUSED` This idempotency key was used for another request */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  AdminOrdersController_ship: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ShipOrderDto'];
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ShippedDto'];
        };
      };
      /** @description `VALIDATION_FAILED` The request is not valid; `BAD_REQUEST` The request is not valid; `MALFORMED_JSON` The body is not valid JSON, is nested too deep, or has half a character or a member like __proto__ */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PERMISSION_DENIED` You may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `ORDER_NOT_SHIPPABLE` The order cannot be shipped */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE` The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNSUPPORTED_MEDIA_TYPE` This content type is not supported */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  AdminSkusController_find: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AdminSkuDto'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PERMISSION_DENIED` You may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  AdminSkusController_change: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangeSkuDto'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AdminSkuDto'];
        };
      };
      /** @description `VALIDATION_FAILED` The request is not valid; `BAD_REQUEST` The request is not valid; `MALFORMED_JSON` The body is not valid JSON, is nested too deep, or has half a character or a member like __proto__ */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PERMISSION_DENIED` You may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE` The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNSUPPORTED_MEDIA_TYPE` This content type is not supported */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  AdminSkusController_restock: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and body book once and answer the same, however often they are sent */
        'Idempotency-Key'?: string;
      };
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RestockDto'];
      };
    };
    responses: {
      201: {
        headers: {
          /** @description `true` when an earlier request with this key has booked it */
          'Idempotent-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RestockedDto'];
        };
      };
      /** @description `VALIDATION_FAILED` The request is not valid; `BAD_REQUEST` The request is not valid; `MALFORMED_JSON` The body is not valid JSON, is nested too deep, or has half a character or a member like __proto__ */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PERMISSION_DENIED` You may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `STOCK_INSUFFICIENT` Not enough in stock */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE` The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNSUPPORTED_MEDIA_TYPE` This content type is not supported */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `IDEMPOTENCY_KEY_REUSED` This idempotency key was used for another request */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  AreasController_provinces: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AreaDto'][];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  AreasController_one: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AreaWithSubsDto'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  AccountsController_login: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['LoginDto'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LoggedInDto'];
        };
      };
      /** @description `VALIDATION_FAILED` The request is not valid; `LOGIN_FAILED` Wrong user name or password; `BAD_REQUEST` The request is not valid; `MALFORMED_JSON` The body is not valid JSON, is nested too deep, or has half a character or a member like __proto__ */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE` The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNSUPPORTED_MEDIA_TYPE` This content type is not supported */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `TOO_MANY_REQUESTS` Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  BrowseHistoriesController_list: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SkuDto'][];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  BrowseHistoriesController_add: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['BrowsedDto'];
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BrowsedDto'];
        };
      };
      /** @description `VALIDATION_FAILED` The request is not valid; `SKU_NOT_FOUND` No such product; `BAD_REQUEST` The request is not valid; `MALFORMED_JSON` The body is not valid JSON, is nested too deep, or has half a character or a member like __proto__ */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE` The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNSUPPORTED_MEDIA_TYPE` This content type is not supported */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  CartController_list: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CartLineDto'][];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  CartController_set: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CartLineRequestDto'];
      };
    };
    responses: {
      200: {
        headers: {
          /** @description Without a token: the cart as it is now, signed. Send it back as it is. */
          'Set-Cookie'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CartLineSavedDto'];
        };
      };
      /** @description `VALIDATION_FAILED` The request is not valid; `SKU_NOT_FOUND` No such product; `CART_STOCK_INSUFFICIENT` Not enough in stock; `CART_COUNT_LIMIT` At most 999 of one product; `CART_LIMIT` The cart is full; `BAD_REQUEST` The request is not valid; `MALFORMED_JSON` The body is not valid JSON, is nested too deep, or has half a character or a member like __proto__ */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE` The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNSUPPORTED_MEDIA_TYPE` This content type is not supported */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  CartController_add: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CartLineRequestDto'];
      };
    };
    responses: {
      /** @description The request, not the total */
      201: {
        headers: {
          /** @description Without a token: the cart as it is now, signed. Send it back as it is. */
          'Set-Cookie'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CartLineSavedDto'];
        };
      };
      /** @description `VALIDATION_FAILED` The request is not valid; `SKU_NOT_FOUND` No such product; `CART_STOCK_INSUFFICIENT` Not enough in stock; `CART_COUNT_LIMIT` At most 999 of one product; `CART_LIMIT` The cart is full; `BAD_REQUEST` The request is not valid; `MALFORMED_JSON` The body is not valid JSON, is nested too deep, or has half a character or a member like __proto__ */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE` The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNSUPPORTED_MEDIA_TYPE` This content type is not supported */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  CartController_remove: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CartRemovalDto'];
      };
    };
    responses: {
      /** @description It is not in the cart (any more) */
      204: {
        headers: {
          /** @description Without a token: the cart as it is now, signed. Send it back as it is. */
          'Set-Cookie'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `VALIDATION_FAILED` The request is not valid; `BAD_REQUEST` The request is not valid; `MALFORMED_JSON` The body is not valid JSON, is nested too deep, or has half a character or a member like __proto__ */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE` The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNSUPPORTED_MEDIA_TYPE` This content type is not supported */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  CartController_select: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CartSelectionDto'];
      };
    };
    responses: {
      200: {
        headers: {
          /** @description Without a token: the cart as it is now, signed. Send it back as it is. */
          'Set-Cookie'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CartSelectionSavedDto'];
        };
      };
      /** @description `VALIDATION_FAILED` The request is not valid; `BAD_REQUEST` The request is not valid; `MALFORMED_JSON` The body is not valid JSON, is nested too deep, or has half a character or a member like __proto__ */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE` The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNSUPPORTED_MEDIA_TYPE` This content type is not supported */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  CategoriesController_tree: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CategoryTreeDto'][];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  CategoriesController_breadcrumb: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BreadcrumbDto'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  CategoriesController_hotSkus: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SkuDto'][];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  CategoriesController_list: {
    parameters: {
      query?: {
        ordering?: '-create_time' | 'price' | '-price' | '-sales';
        page?: number;
        /** @description More than 20 is cut */
        page_size?: number;
      };
      header?: never;
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SkuPageDto'];
        };
      };
      /** @description `VALIDATION_FAILED` The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  EmailController_change: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangeEmailDto'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EmailChangedDto'];
        };
      };
      /** @description `VALIDATION_FAILED` The request is not valid; `BAD_REQUEST` The request is not valid; `MALFORMED_JSON` The body is not valid JSON, is nested too deep, or has half a character or a member like __proto__ */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE` The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNSUPPORTED_MEDIA_TYPE` This content type is not supported */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `TOO_MANY_REQUESTS` Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `MAIL_UNAVAILABLE` Mail cannot be sent right now; `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  EmailVerificationController_verify: {
    parameters: {
      query: {
        /** @description From the link; good for a day */
        token: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MessageDto'];
        };
      };
      /** @description `EMAIL_LINK_INVALID` This link is not valid or no longer so */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  HealthController_live: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['HealthDto'];
        };
      };
    };
  };
  HealthController_ready: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReadyDto'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  ImageCodesController_image: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'image/svg+xml': string;
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `TOO_MANY_REQUESTS` Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  MetricsController_metrics: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/plain': string;
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  AccountsController_mobileCount: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        mobile: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MobileCountDto'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `TOO_MANY_REQUESTS` Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  OrdersController_list: {
    parameters: {
      query?: {
        page?: number;
        /** @description More than 20 is cut */
        page_size?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OrderPageDto'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  OrdersController_create: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and body answer the same order, however often they are sent */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateOrderDto'];
      };
    };
    responses: {
      201: {
        headers: {
          /** @description `true` when an earlier request with this key made the order */
          'Idempotent-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OrderCreatedDto'];
        };
      };
      /** @description In the queue (strategy `queue` only): look at `Location` later */
      202: {
        headers: {
          /** @description The path of the order */
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OrderCreatedDto'];
        };
      };
      /** @description `VALIDATION_FAILED` The request is not valid; `ADDRESS_NOT_FOUND` No such address; `CART_EMPTY` Nothing is selected in the cart; `AMOUNT_TOO_LARGE` The amount of the order is too large; `BAD_REQUEST` The request is not valid; `MALFORMED_JSON` The body is not valid JSON, is nested too deep, or has half a character or a member like __proto__ */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `STOCK_INSUFFICIENT` Not enough in stock; `CART_CHANGED` The cart has changed since the order was sent; `SKU_UNAVAILABLE` A product is no longer on sale; `PRICE_CHANGED` Prices have changed since the settlement */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE` The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNSUPPORTED_MEDIA_TYPE` This content type is not supported */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `IDEMPOTENCY_KEY_REUSED` This idempotency key was used for another request */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `TOO_MANY_REQUESTS` Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  OrdersController_detail: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OrderDetailDto'];
        };
      };
      /** @description Still in the queue: ask again */
      202: {
        headers: {
          /** @description Seconds */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OrderCreatedDto'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `STOCK_INSUFFICIENT` Not enough in stock; `CART_CHANGED` The cart has changed since the order was sent; `ORDER_FAILED` The order could not be placed; nothing was taken */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  PaymentController_cancel: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CanceledDto'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `ORDER_NOT_CANCELABLE` The order can no longer be canceled */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `GATEWAY_UNAVAILABLE` The payment gateway is not available; `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  FulfilmentController_comment: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateCommentDto'];
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CommentCreatedDto'];
        };
      };
      /** @description `VALIDATION_FAILED` The request is not valid; `ORDER_LINE_NOT_FOUND` The order has no such product; `BAD_REQUEST` The request is not valid; `MALFORMED_JSON` The body is not valid JSON, is nested too deep, or has half a character or a member like __proto__ */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `ORDER_NOT_RECEIVED` The order cannot be commented on; `ALREADY_COMMENTED` This product was commented on already */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE` The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNSUPPORTED_MEDIA_TYPE` This content type is not supported */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  PaymentController_wayToPay: {
    parameters: {
      query?: {
        /** @description A desktop browser, a mobile browser, an app, or a code to be scanned */
        scene?: 'page' | 'wap' | 'app' | 'qr';
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WayToPayDto'];
        };
      };
      /** @description `VALIDATION_FAILED` The request is not valid; `ORDER_NOT_PAYABLE` The order cannot be paid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PAYMENT_BEGUN` The payment was begun in another way; go on paying there */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `TOO_MANY_REQUESTS` Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `GATEWAY_UNAVAILABLE` The payment gateway is not available; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  PaymentController_status: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PaymentStatusDto'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `TOO_MANY_REQUESTS` Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  FulfilmentController_receive: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReceivedDto'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `ORDER_NOT_SHIPPED` The order has not been shipped */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  RefundsController_list: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RefundDto'][];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  RefundsController_ask: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and body answer the same refund, however often they are sent */
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['WholeRefundDto'];
      };
    };
    responses: {
      /** @description Written down; `asked` becomes `done` when Alipay has moved the money */
      201: {
        headers: {
          /** @description `true` when an earlier request has asked for this refund */
          'Idempotent-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RefundDto'];
        };
      };
      /** @description `VALIDATION_FAILED` The request is not valid; `BAD_REQUEST` The request is not valid; `MALFORMED_JSON` The body is not valid JSON, is nested too deep, or has half a character or a member like __proto__ */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `ORDER_NOT_REFUNDABLE` The order cannot be refunded */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE` The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNSUPPORTED_MEDIA_TYPE` This content type is not supported */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `IDEMPOTENCY_KEY_REUSED` This idempotency key was used for another request */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  FulfilmentController_uncommented: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OrderLineDto'][];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  OrdersController_settlement: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description An empty array when nothing is selected */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SettlementDto'] | unknown[];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  AlipayController_notify: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/plain': 'success' | 'fail';
        };
      };
      /** @description `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  AlipayController_confirm: {
    parameters: {
      query: {
        /** @description and all other parameters, unchanged */
        out_trade_no: unknown;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TradeDto'];
        };
      };
      /** @description `PAYMENT_PROOF_INVALID` The payment parameters are not genuine */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PAYMENT_PENDING` The payment is not confirmed yet; look at the order later; `PAYMENT_RETURNED` The order was canceled; the money goes back */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `TOO_MANY_REQUESTS` Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  PicturesController_picture: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        file: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'image/svg+xml': string;
        };
      };
      /** @description The picture is the one that If-None-Match names */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  SkusController_detail: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SkuDetailDto'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  SkusController_commentsOf: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CommentDto'][];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  SkusController_search: {
    parameters: {
      query?: {
        page?: number;
        /** @description More than 20 is cut */
        page_size?: number;
        text?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SearchPageDto'];
        };
      };
      /** @description `VALIDATION_FAILED` The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  AccountsController_sendSmsCode: {
    parameters: {
      query: {
        /** @description The id of the image */
        image_code_id: string;
        /** @description What the image shows; the image is used up by it, right or wrong */
        text: string;
      };
      header?: never;
      path: {
        mobile: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MessageDto'];
        };
      };
      /** @description `IMAGE_CODE_WRONG` This is not what the image shows; `IMAGE_CODE_INVALID` The image is used or too old; ask for another; `SMS_TOO_FREQUENT` One SMS a minute */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `TOO_MANY_REQUESTS` Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `SMS_UNAVAILABLE` SMS cannot be sent right now; `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  ProfileController_profile: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ProfileDto'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  AccountsController_usernameCount: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        username: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UsernameCountDto'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `TOO_MANY_REQUESTS` Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  AccountsController_register: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RegisterDto'];
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RegisteredDto'];
        };
      };
      /** @description `VALIDATION_FAILED` The request is not valid; `AGREEMENT_REQUIRED` The terms must be accepted; `PASSWORDS_DIFFER` The two passwords differ; `USERNAME_TAKEN` This user name is taken; `MOBILE_TAKEN` This mobile number is taken; `SMS_CODE_INVALID` Wrong or expired SMS code; `BAD_REQUEST` The request is not valid; `MALFORMED_JSON` The body is not valid JSON, is nested too deep, or has half a character or a member like __proto__ */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE` The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNSUPPORTED_MEDIA_TYPE` This content type is not supported */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `TOO_MANY_REQUESTS` Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  ProfileController_changePassword: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangePasswordDto'];
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PasswordChangedDto'];
        };
      };
      /** @description `VALIDATION_FAILED` The request is not valid; `PASSWORDS_DIFFER` The two passwords differ; `PASSWORD_UNCHANGED` The new password is the old one; `OLD_PASSWORD_WRONG` The old password is wrong; `BAD_REQUEST` The request is not valid; `MALFORMED_JSON` The body is not valid JSON, is nested too deep, or has half a character or a member like __proto__ */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_AUTHENTICATED` Credentials are missing or not valid */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `NOT_FOUND` Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE` The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `UNSUPPORTED_MEDIA_TYPE` This content type is not supported */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `TOO_MANY_REQUESTS` Too many requests */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description `BUSY` The shop is busy, try again shortly; `UNAVAILABLE` The service is not available right now */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
}
