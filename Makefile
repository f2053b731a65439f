.PHONY: help run setup test lint pins
run: setup ## run the demo: service, worker and two simulated shops on this machine
	.venv/bin/flask --app app demo
help: ## list what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /: /'
.venv/.ready: requirements/test.txt
	python3 -m venv .venv
	.venv/bin/pip install --quiet --require-hashes -r requirements/test.txt
	touch $@
setup: .venv/.ready ## create .venv with everything that running and testing need
test: setup ## pass all tests
	.venv/bin/python -m pytest tests/core/test_shop_policy.py tests/webhooks tests/connectors/simulator/woocommerce tests/connectors/woocommerce
lint: setup ## style and types of the finished rooms
	.venv/bin/ruff check worker webhooks connectors/simulator/woocommerce connectors/woocommerce
