"""Products and variations as JSON. A variation has two shapes: its own, and that of a product."""

from html import escape

from connectors.simulator.woocommerce import metadata, payloads, stock
from connectors.simulator.woocommerce.payloads import gmt, local
from connectors.simulator.woocommerce.rows import Json, Product
from connectors.simulator.woocommerce.state import State

NO_SIZE = {"length": "", "width": "", "height": ""}
NO_CATEGORY = ("Uncategorized",)


def product(state: State, row: Product) -> dict[str, Json]:
    """One product; a variation asked for as a product comes in this shape too (and webhooks send it so)."""
    return {
        "id": row.id,
        "name": _full_name(state, row),
        "slug": row.slug,
        "permalink": _address(state, row),
        **_dates(state, row),
        "type": row.type,
        "status": row.status,
        "featured": False,
        "catalog_visibility": "visible",
        "description": "",
        "short_description": "",
        "sku": row.sku,
        **_prices(state, row),
        "purchasable": True,
        "total_sales": str(row.total_sales) if row.parent_id else row.total_sales,
        **_goods(row),
        "external_url": "",
        "button_text": "",
        "tax_status": "taxable",
        "tax_class": "",
        **_stock(state, row),
        "low_stock_amount": None,
        "sold_individually": False,
        **_trimmings(state, row),
        "stock_status": _status(state, row),
        "has_options": row.type == "variable",
        "post_password": "",
        "global_unique_id": "",
        "_links": _product_links(state, row),
    }


def variation(state: State, row: Product) -> dict[str, Json]:
    """One variation in its own shape. `manage_stock` is the text "parent" where the parent counts the units."""
    collection = f"products/{row.parent_id}/variations"
    return {
        "id": row.id,
        "type": "variation",
        **_dates(state, row),
        "description": "",
        "permalink": _address(state, row),
        "sku": row.sku,
        "global_unique_id": "",
        **_prices(state, row),
        "status": row.status,
        "purchasable": True,
        **_goods(row),
        "tax_status": "taxable",
        "tax_class": "",
        **_variation_stock(state, row),
        "low_stock_amount": None,
        "weight": "",
        "dimensions": dict(NO_SIZE),
        "shipping_class": "",
        "shipping_class_id": 0,
        "image": None,
        "attributes": _attributes(row),
        "menu_order": 0,
        "meta_data": metadata.shown(row.meta),
        "name": ", ".join(row.attributes.values()),
        "parent_id": row.parent_id,
        "_links": payloads.links(state, collection, row.id, up=f"products/{row.parent_id}"),
    }


def _full_name(state: State, row: Product) -> str:
    parent = state.products.get(row.parent_id)
    return f"{parent.name} - {', '.join(row.attributes.values())}" if parent else row.name


def _address(state: State, row: Product) -> str:
    parent = state.products.get(row.parent_id)
    if parent is None:
        return f"{state.home}/product/{row.slug}/"
    choice = "&".join(f"attribute_{name.lower()}={option}" for name, option in row.attributes.items())
    return f"{state.home}/product/{parent.slug}/?{choice}"


def _dates(state: State, row: Product) -> dict[str, Json]:
    return {
        "date_created": local(state, row.created),
        "date_created_gmt": gmt(row.created),
        "date_modified": local(state, row.modified),
        "date_modified_gmt": gmt(row.modified),
    }


def _prices(state: State, row: Product) -> dict[str, Json]:
    price = payloads.money(state, row.price)
    return {
        "price": price,
        "regular_price": "" if row.type == "variable" else price,
        "sale_price": "",
        "date_on_sale_from": None,
        "date_on_sale_from_gmt": None,
        "date_on_sale_to": None,
        "date_on_sale_to_gmt": None,
        "on_sale": False,
    }


def _goods(row: Product) -> dict[str, Json]:
    return {
        "virtual": row.virtual,
        "downloadable": False,
        "downloads": [],
        "download_limit": -1,
        "download_expiry": -1,
    }


def _status(state: State, row: Product) -> str:
    return (stock.keeper(state, row) or row).stock_status


def _stock(state: State, row: Product) -> dict[str, Json]:
    holder = stock.keeper(state, row) or row
    return {
        "manage_stock": row.manage_stock if holder is row else "parent",
        "stock_quantity": holder.stock,
        "backorders": holder.backorders,
        "backorders_allowed": holder.backorders != "no",
        "backordered": holder.stock_status == "onbackorder",
    }


def _variation_stock(state: State, row: Product) -> dict[str, Json]:
    shown = _stock(state, row)
    first = {name: shown.pop(name) for name in ("manage_stock", "stock_quantity")}
    return {**first, "stock_status": _status(state, row), **shown}


def _trimmings(state: State, row: Product) -> dict[str, Json]:
    """What every product carries and this store leaves empty, in the platform's order."""
    child = bool(row.parent_id)
    symbol = payloads.SYMBOLS.get(state.currency, state.currency)
    return {
        "weight": "",
        "dimensions": dict(NO_SIZE),
        "shipping_required": not row.virtual,
        "shipping_taxable": not row.virtual,
        "shipping_class": "",
        "shipping_class_id": 0,
        "reviews_allowed": not child,
        "average_rating": "0.00",
        "rating_count": 0,
        "upsell_ids": [],
        "cross_sell_ids": [],
        "parent_id": row.parent_id,
        "purchase_note": "",
        "categories": [] if child else [_category(state, name) for name in row.categories or NO_CATEGORY],
        "brands": [],
        "tags": [],
        "images": [],
        "attributes": _attributes(row) if child else _choices(state, row),
        "default_attributes": [],
        "variations": list(row.variations),
        "grouped_products": [],
        "menu_order": 0,
        "price_html": f'<span class="woocommerce-Price-amount amount"><bdi>{symbol}{row.price}</bdi></span>',
        "related_ids": [],
        "meta_data": metadata.shown(row.meta),
    }


def _category(state: State, name: str) -> Json:
    """Return a category. The platform keeps its name escaped for HTML, and hands it out so."""
    slug = "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())
    return {"id": state.category(name), "name": escape(name, quote=False), "slug": slug}


def _attributes(row: Product) -> list[Json]:
    return [{"id": 0, "name": name, "slug": name.lower(), "option": option} for name, option in row.attributes.items()]


def _choices(state: State, row: Product) -> list[Json]:
    options: dict[str, list[str]] = {}
    for child in row.variations:
        for name, option in state.products[child].attributes.items():
            options.setdefault(name, []).append(option)
    return [
        {"id": 0, "name": name, "slug": name, "position": 0, "visible": True, "variation": True, "options": values}
        for name, values in options.items()
    ]


def _product_links(state: State, row: Product) -> dict[str, Json]:
    if row.parent_id:
        return payloads.links(state, "products", row.id, up=f"products/{row.parent_id}")
    return payloads.links(state, "products", row.id)
