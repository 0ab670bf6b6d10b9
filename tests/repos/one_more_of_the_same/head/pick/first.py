def first(one: str | None, two: str | None, three: str | None) -> str | None:
    item = one
    if item == None:
        item = two
    print("second choice", item)
    if item == None:
        item = three
    print("last choice", item)
    if item == None:
        item = "nothing"
    return item
