from pocket.web.limits import Limit

MESSAGES = Limit("contact", 6, 10 * 60)
