from flask import Flask
from flask.testing import FlaskClient

from quizapp.service.passwords import hash_password
from quizapp.store.db import transaction
from tests.factories import csrf, make_officer


def sign_in(client: FlaskClient, staff_no: str, password: str, **more: str):
    values = {"staff_no": staff_no, "password": password, "csrf_token": csrf(client)}
    return client.post("/login", data=values | more)


def test_a_good_pair_opens_a_session_that_a_sign_out_ends(app: Flask, client: FlaskClient) -> None:
    with transaction() as tx:
        make_officer(tx, staff_no="0012345", password_hash=hash_password("k9 vessel orbit"))
    assert client.get("/").status_code == 303
    assert sign_in(client, "0012345", "wrong").status_code == 401
    assert sign_in(client, "0012345", "k9 vessel orbit").status_code == 303
    page = client.get("/")
    assert page.status_code == 200
    cookie = client.get_cookie("session")
    assert client.post("/logout", data={"csrf_token": csrf(client)}).status_code == 303
    assert cookie is not None
    client.set_cookie("session", cookie.value)
    assert client.get("/").status_code == 303
