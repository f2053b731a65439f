"""A forecast as the API shows it. Pure."""

from dataclasses import asdict
from typing import Any

from core.forecast.records import ItemForecast


def forecast_document(known: ItemForecast) -> dict[str, Any]:
    """Return a forecast as JSON: units a week, and of demand over lead time and review."""
    return {
        "made_on": known.made_on.isoformat(),
        "pattern": known.pattern,
        "method": known.method,
        "class": known.value_class + known.steadiness,
        "units_a_week": known.rate,
        "cover_days": round(known.cover_days, 2),
        "mean": known.mean,
        "error": known.error,
        "quantiles": known.quantiles,
        "lead_time": {key: round(value, 2) for key, value in asdict(known.lead).items()},
        "review_days": known.review_days,
        "target": known.target,
        "safety_stock": known.safety_stock,
        "weeks": list(known.weeks),
        "why": list(known.why),
    }
