def test_a_new_store_has_no_orders(database):
    assert database.orders() == []
