<?php
/**
 * Plugin Name: Backorder companion
 * Description: A status for orders of which a part waits, and what waits until when on product pages, the customer's
 *              order pages and mails. Optional and without settings: Backorder works without it.
 * Version: 1.1.0
 * Requires at least: 6.7
 * Requires PHP: 7.4
 * Requires Plugins: woocommerce
 * License: MIT
 */

defined( 'ABSPATH' ) || exit;

const BACKORDER_STATUS = 'wc-part-shipped'; // At most 20 characters: the store's database cuts the rest.

// It reads orders by WooCommerce's own calls only, wherever they are stored.
add_action( 'before_woocommerce_init', function () {
	Automattic\WooCommerce\Utilities\FeaturesUtil::declare_compatibility( 'custom_order_tables', __FILE__, true );
} );

add_filter( 'woocommerce_register_shop_order_post_statuses', function ( $statuses ) {
	$label = 'Partially shipped, waiting';
	$statuses[ BACKORDER_STATUS ] = array(
		'label'                     => $label,
		'public'                    => false,
		'exclude_from_search'       => false,
		'show_in_admin_all_list'    => true,
		'show_in_admin_status_list' => true,
		'label_count'               => _n_noop( "$label (%s)", "$label (%s)" ),
	);
	return $statuses;
} );

add_filter( 'wc_order_statuses', fn( $labels ) => $labels + array( BACKORDER_STATUS => 'Partially shipped, waiting' ) );

// Whoever paid has still paid: downloads and reports go by this list, which names statuses without their prefix.
add_filter( 'woocommerce_order_is_paid_statuses', fn( $paid ) => array_merge( $paid, array( substr( BACKORDER_STATUS, 3 ) ) ) );

// On product pages: when a unit ordered now would leave. A variation's stock, and its day, may be its parent's.
add_filter( 'woocommerce_get_availability_text', function ( $text, $product ) {
	$owner = wc_get_product( $product->get_stock_managed_by_id() );
	$day   = $owner && $product->is_on_backorder( 1 ) ? backorder_day( $owner ) : '';
	return $day ? ucfirst( trim( "$text, expected to ship on $day", ', ' ) ) : $text;
}, 10, 2 );

// Below each line of an order, on the customer's pages and in mails: how many units wait, and until when.
add_action( 'woocommerce_order_item_meta_end', function ( $line, $item, $order, $plain = false ) {
	$waiting = json_decode( (string) $order->get_meta( '_backorder_waiting' ), true );
	$units   = is_array( $waiting ) ? (int) ( $waiting[ $line ] ?? 0 ) : 0;
	if ( $units < 1 ) {
		return;
	}
	$day  = backorder_day( $order );
	$when = $day ? "expected $day" : 'no date known yet';
	$said = sprintf( 1 === $units ? '%d waits, %s.' : '%d wait, %s.', $units, $when );
	echo $plain ? "\n" . esc_html( $said ) : '<p class="backorder-waits">' . esc_html( $said ) . '</p>';
}, 10, 4 );

function backorder_day( $thing ) {
	$day = strtotime( $thing->get_meta( '_backorder_eta' ) . ' 12:00' );
	return $day && $thing->get_meta( '_backorder_eta' ) >= wp_date( 'Y-m-d' ) ? date_i18n( wc_date_format(), $day ) : '';
}
