from flask.testing import FlaskClient


def test_the_process_says_it_is_up_and_its_database_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"state": "up"}
    assert client.get("/readyz").status_code == 200


def test_an_unknown_address_is_a_clear_refusal_for_people_and_programs(client: FlaskClient) -> None:
    assert client.get("/nowhere").status_code == 404
    answer = client.get("/nowhere", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.get_json()["code"] == "not_found"
