"""The only room that speaks the ERP's language, both ways: feed (export -> domain), delivery (outbox -> ERP), demo."""
